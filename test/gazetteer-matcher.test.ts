import { describe, expect, it } from 'vitest';
import { random } from '../src/core/random.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { gazetteerRule, matcherPairs, releasedRule } from './support/matcher-pairs.ts';

const MIN_PERCENT = 99.5;
/**
 * This set is not tested, because its pairs are ambiguous by construction. Its numbers are in results/matcher.json.
 */
const NOT_JUDGED = 'shared alternate names';

describe('the matcher, on pairs from GeoNames', () => {
  const gazetteer = openGazetteer();
  const sets = matcherPairs({ size: 2000, random: random(7), countries: 60 });

  it.each(sets.filter(({ name }) => name !== NOT_JUDGED))('is right on $name', ({ judges, same, pairs }) => {
    const wrong = pairs.filter((pair) => gazetteerRule(gazetteer, judges, pair) !== same);
    expect(100 - (100 * wrong.length) / pairs.length, JSON.stringify(wrong.slice(0, 5))).toBeGreaterThanOrEqual(
      MIN_PERCENT,
    );
  });

  it('distinguishes pairs that the released rule confuses, and matches pairs that it misses', () => {
    const alternate = sets.find(({ name }) => name === 'alternate names')!;
    expect(
      alternate.pairs.filter((pair) => releasedRule(alternate.judges, pair)).length / alternate.pairs.length,
    ).toBeLessThan(0.5);
  });
});
