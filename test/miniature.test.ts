/**
 * Checks how well the visible elements of a generated photo reveal its place. The accuracy must fit the photo's
 * difficulty. The classifier is naive Bayes over the words of the elements. It does not use the table of cues.
 */
import { describe, expect, it } from 'vitest';
import type { SceneTruth } from '../src/miniature/truth.ts';
import type { Difficulty } from '../src/miniature/stage.ts';
import { drawnWorld } from './support/miniature-world.ts';

type Label = string | number;

/** Trains naive Bayes on the presence of elements. Elements that a class has never shown count as seen 1/20 times. */
function trained(scenes: readonly SceneTruth[], labelOf: (scene: SceneTruth) => Label): (scene: SceneTruth) => Label {
  const classes = new Map<Label, { total: number; seen: Map<string, number> }>();
  const known = new Set<string>();
  for (const scene of scenes) {
    const label = labelOf(scene);
    const one = classes.get(label) ?? { total: 0, seen: new Map<string, number>() };
    classes.set(label, one);
    one.total += 1;
    for (const { label: word } of scene.elements) {
      known.add(word);
      one.seen.set(word, (one.seen.get(word) ?? 0) + 1);
    }
  }
  return (scene) => {
    const words = scene.elements.map(({ label }) => label).filter((word) => known.has(word));
    const scored = [...classes].map(([label, { total, seen }]) => {
      const score = words.reduce((sum, word) => sum + Math.log(((seen.get(word) ?? 0) + 0.05) / (total + 0.1)), 0);
      return { label, score };
    });
    return scored.reduce((best, one) => (one.score > best.score ? one : best)).label;
  };
}

describe('the generated world', () => {
  const { scenes } = drawnWorld({ scenes: 3000, seed: 7 });
  const train = scenes.filter(({ split }) => split === 'train');
  const test = scenes.filter(({ split }) => split === 'test');
  const accuracy = (difficulty: Difficulty, right: (scene: SceneTruth) => boolean): { n: number; share: number } => {
    const subset = test.filter((scene) => scene.difficulty === difficulty);
    return { n: subset.length, share: subset.filter(right).length / subset.length };
  };

  it('reveals the country: 90 % on easy photos, chance level on photos that are not localizable', () => {
    const country = trained(train, ({ countryCode }) => countryCode);
    const right = (scene: SceneTruth): boolean => country(scene) === scene.countryCode;
    const easy = accuracy('easy', right);
    const unlocalizable = accuracy('not-localizable', right);
    expect(easy.n).toBeGreaterThan(200);
    expect(easy.share).toBeGreaterThanOrEqual(0.9);
    expect(accuracy('country-only', right).share).toBeGreaterThanOrEqual(0.8);
    // Guessing the city would be right for 2 %. A share of 6 % is more than three standard errors above that.
    expect(unlocalizable.n).toBeGreaterThan(80);
    expect(unlocalizable.share).toBeLessThan(0.06);
  });

  it('reveals the city in easy photos of training cities, but not in country-only photos', () => {
    const seen = new Set(train.map(({ geonameId }) => geonameId));
    const city = trained(train, ({ geonameId }) => geonameId);
    const rightOf = (difficulty: Difficulty): number => {
      const subset = test.filter((scene) => scene.difficulty === difficulty && seen.has(scene.geonameId));
      return subset.filter((scene) => city(scene) === scene.geonameId).length / subset.length;
    };
    // A city has about 16 training photos, half of them easy.
    expect(rightOf('easy')).toBeGreaterThan(0.55);
    expect(rightOf('country-only')).toBeLessThan(0.75 * rightOf('easy'));
  });

  it('is about as hard as planned, with some misleading photos', () => {
    const share = (test: (scene: SceneTruth) => boolean): number => scenes.filter(test).length / scenes.length;
    expect(share(({ difficulty }) => difficulty === 'easy')).toBeGreaterThan(0.4);
    expect(share(({ difficulty }) => difficulty === 'country-only')).toBeGreaterThan(0.2);
    expect(share(({ difficulty }) => difficulty === 'not-localizable')).toBeGreaterThan(0.12);
    expect(share(({ cues }) => cues.some(({ misleading }) => misleading))).toBeGreaterThan(0.02);
  });
});
