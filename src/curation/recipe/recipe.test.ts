import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gatesOf } from '../gates/modes.ts';
import { parseRecipe, readRecipe } from './read-recipe.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'recipes');

describe('the curation recipes', () => {
  it('are all valid', async () => {
    const names = (await readdir(folder)).filter((name) => name.startsWith('curate-'));
    expect(names).toContain('curate-full.yaml');
    for (const name of names) await expect(readRecipe(join(folder, name))).resolves.toBeDefined();
  });

  it('state the defaults: the full recipe writes out every default', async () => {
    const { annotators, gps, segmentation, ...rest } = parse(
      await readFile(join(folder, 'curate-full.yaml'), 'utf8'),
    ) as Record<string, unknown>;
    const complete = parseRecipe({ annotators, gps, segmentation, ...rest });
    expect(complete).toEqual(parseRecipe({ annotators, gps, segmentation }));
    expect(Object.keys(complete).filter((key) => !(key in rest))).toEqual(['annotators', 'gps', 'segmentation']);
  });
});

describe('parseRecipe', () => {
  const two = { annotators: [{ model: 'a' }, { model: 'b' }], segmentation: { model: 's' } };

  it('lets the command line replace mode and annotators', () => {
    const recipe = parseRecipe(two, { mode: 'single', annotators: ['http://127.0.0.1:8000/v1#x'] });
    expect(recipe).toMatchObject({ mode: 'single', annotators: [{ model: 'http://127.0.0.1:8000/v1#x' }] });
  });

  it('lets the command line replace or remove the GPS annotator and the segmentation', () => {
    const original = {
      ...two,
      gps: { model: 'miniature', concurrency: 16 },
      gates: { crossModel: { minSimilarity: 0.7 } },
    };
    const other = parseRecipe(original, { gps: 'geoclip:x', segmentation: 'transformers:y' });
    expect(other).toMatchObject({ gps: { model: 'geoclip:x' }, segmentation: { model: 'transformers:y' } });
    expect(gatesOf(other).map(({ name }) => name)).toContain('grounding');
    const without = parseRecipe(original, { gps: null, segmentation: null });
    expect(without).toMatchObject({
      gps: null,
      segmentation: null,
      gates: { grounding: null, crossModel: { minSimilarity: 0.7 } },
    });
    expect(gatesOf(without).map(({ name }) => name)).not.toContain('grounding');
  });

  it.each([
    [{ ...two, gates: { localizability: { minGpsConfidence: 2 } } }, 'minGpsConfidence'],
    [{ ...two, gate: {} }, 'gate'],
    [
      { annotators: [{ model: 'a' }], segmentation: { model: 's' } },
      'one annotator, but mode full compares at least two',
    ],
    [{ annotators: two.annotators }, 'has no segmentation model'],
    [{ ...two, annotators: [{ model: 'a' }, { model: 'a' }] }, 'the annotator "a" twice'],
    [null, 'annotators'],
  ])('refuses %j with the reason', (value, reason) => {
    expect(() => parseRecipe(value)).toThrow(reason);
  });
});
