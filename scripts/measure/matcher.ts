/**
 * Compares the place matcher with the rule of the authors' release on pairs of place names from GeoNames, and writes
 * results/matcher.json. The gazetteer contains all alternate names in these pairs. The comparison therefore measures
 * the handling of ambiguity and spelling, not the coverage of names.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { proportion } from '../../src/core/statistics/index.ts';
import { random } from '../../src/core/random.ts';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import { gazetteerRule, type MatcherPair, matcherPairs, releasedRule } from '../../test/support/matcher-pairs.ts';

const SEED = 20_251_122;
const PAIRS = 20_000;

const gazetteer = openGazetteer();
const percent = (hits: number, n: number) => {
  const { value, low, high } = proportion(hits, n)!;
  return { percent: round(100 * value), low: round(100 * low), high: round(100 * high) };
};
const round = (value: number): number => Math.round(value * 100) / 100;

const sets = matcherPairs({ size: PAIRS, random: random(SEED) }).map(({ name, holds, judges, same, pairs }) => {
  const right = (rule: (pair: MatcherPair) => boolean): number => pairs.filter((pair) => rule(pair) === same).length;
  const expected = same ? 'match' : 'kept apart';
  return {
    name,
    holds,
    expected,
    n: pairs.length,
    ours: percent(
      right((pair) => gazetteerRule(gazetteer, judges, pair)),
      pairs.length,
    ),
    releasedRule: percent(
      right((pair) => releasedRule(judges, pair)),
      pairs.length,
    ),
  };
});

const target = fileURLToPath(new URL('../../results/matcher.json', import.meta.url));
mkdirSync(fileURLToPath(new URL('../../results/', import.meta.url)), { recursive: true });
writeFileSync(target, `${JSON.stringify({ seed: SEED, gazetteer: gazetteer.provenance.version, sets }, null, 2)}\n`);

const table = new Table({
  head: ['pairs', 'expected', 'n', 'ours % (95 %)', 'released rule %'],
  style: { head: [], border: [] },
});
for (const { name, expected, n, ours, releasedRule } of sets) {
  table.push([name, expected, n, `${ours.percent} (${ours.low} to ${ours.high})`, releasedRule.percent]);
}
process.stdout.write(`${table.toString()}\n`);
