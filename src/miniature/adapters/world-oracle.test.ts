import { describe, expect, it } from 'vitest';
import { drawnWorld } from '../../../test/support/miniature-world.ts';
import { miniatureOracle } from './world-oracle.ts';

const world = drawnWorld({ scenes: 60, seed: 3 });
const oracle = miniatureOracle(world);
const scene = world.scenes.find(
  ({ elements }) => elements.length > 6 && elements.some(({ label }) => label === 'road'),
)!;
const shown = scene.elements.map(({ label }) => label);
const absent = world.vocabulary.find((label) => !shown.some((other) => other.endsWith(label)) && label.includes(' '))!;

describe('the oracle of a generated world', () => {
  it('finds no inventions in a text about things in the photo', () => {
    const text = shown.map((label) => `There is a ${label}.`).join(' ');
    expect(oracle.hallucinated(scene.id, text)).toEqual([]);
  });

  it('finds invented things, in singular and plural', () => {
    expect(oracle.hallucinated(scene.id, `I see a ${absent} beside the road.`)).toEqual([absent]);
    expect(oracle.hallucinated(scene.id, `Several ${absent}s stand here.`)).toEqual([absent]);
  });

  it('does not count things that the text calls missing or names less exactly', () => {
    expect(oracle.hallucinated(scene.id, `There is no ${absent}. A ${absent} is missing here.`)).toEqual([]);
    const long = shown.find((label) => label.includes(' '))!;
    expect(oracle.hallucinated(scene.id, `A ${long.split(' ').at(-1)} stands here.`)).toEqual([]);
  });

  it('knows which photos are localizable, and which show the same motif', () => {
    for (const { id, difficulty, repeats } of world.scenes) {
      expect(oracle.localizable(id)).toBe(difficulty !== 'not-localizable');
      expect(oracle.motif(id)).toBe(repeats ?? id);
    }
    expect(oracle.localizable('another world')).toBeUndefined();
  });
});
