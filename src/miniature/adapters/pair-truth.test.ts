import { describe, expect, it } from 'vitest';
import { drawnWorld } from '../../../test/support/miniature-world.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import type { SceneTruth } from '../truth.ts';
import { pairTruth } from './pair-truth.ts';

const world = drawnWorld({ scenes: 60, seed: 3 });
const truth = pairTruth(world, openGazetteer());
const localizable = world.scenes.find(
  ({ difficulty, elements }) => difficulty !== 'not-localizable' && elements.length > 3,
)!;
const [first, second] = localizable.elements.map(({ label }) => label) as [string, string];
const elsewhere = world.scenes.find(({ country }) => country !== localizable.country)!.country;
const absent = world.vocabulary.filter(
  (label) => label.includes(' ') && !localizable.elements.some((shown) => shown.label.endsWith(label)),
);

function judged(scene: SceneTruth, reasoning: string, country = scene.country): boolean {
  const { id, preparedSha256: sha256 } = scene;
  const image = { sha256 } as PreparedImage;
  const example = { id, image, truth: { country: scene.country } };
  return truth({ example, reasoning, place: { country }, yes: false, kind: 'judged' });
}

describe('pairTruth', () => {
  it('is yes when most things that the reasoning mentions are in the photo', () => {
    expect(judged(localizable, `There is a ${first} and a ${second}, and a ${absent[0]}.`)).toBe(true);
    expect(judged(localizable, `There is a ${first}. There is no ${absent[0]}. A ${absent[1]} is missing.`)).toBe(true);
  });

  it('is no when half of the things are invented, and when there are no things', () => {
    expect(judged(localizable, `There is a ${first} and ${absent[0]}s.`)).toBe(false);
    expect(judged(localizable, 'It looks like home.')).toBe(false);
  });

  it('is no for a wrong country, and for a photo that does not show its country', () => {
    expect(judged(localizable, `There is a ${first}.`, elsewhere)).toBe(false);
    const blank = world.scenes.find(({ difficulty }) => difficulty === 'not-localizable')!;
    expect(judged(blank, `There is a ${blank.elements[0]!.label}.`)).toBe(false);
  });
});
