/**
 * Checks mode `verified` on the labelled reasoning texts of bench/grounding. The honest text must score above texts
 * with invented objects, texts with false attributes, vague texts and bare lists in at least 95 % of the pairs of each
 * kind, even with judges that make errors.
 */
import { describe, expect, it } from 'vitest';
import { compare } from '../bench/grounding/compare.ts';
import { JUDGES } from '../bench/grounding/judges.ts';
import { isShown, KINDS, readLabelled } from '../bench/grounding/labelled.ts';
import { modeScores, verifiedScores } from '../bench/grounding/photos.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';

const grounder = await openGrounder();
const photos = await readLabelled();
const MIN_SHARE = 0.95;

it('has fifteen photos, and a label for each claim of every reasoning', () => {
  expect(photos).toHaveLength(15);
  for (const { reasonings } of photos) {
    for (const kind of KINDS) {
      const unlabelled = grounder
        .claims(reasonings[kind].text)
        .filter((claim) => isShown(claim, reasonings[kind]) === undefined);
      expect(unlabelled).toEqual([]);
    }
  }
});

describe.each(['prose', 'evidence'] as const)('mode verified, with claims from the %s', (from) => {
  it.each(JUDGES)('puts honesty first with a judge: $name', (judge) => {
    const { honestAbove } = compare(verifiedScores(photos, { grounder, judge, from }));
    for (const [kind, share] of Object.entries(honestAbove)) {
      expect(share.value, `${kind}: ${share.hits} of ${share.n}`).toBeGreaterThanOrEqual(MIN_SHARE);
    }
  });
});

it('puts right what mode paper gets wrong: vagueness and lists score above honesty there', async () => {
  const { honestAbove } = compare(await modeScores(photos, { grounder, mode: 'paper' }));
  expect(honestAbove['vague']!.value).toBeLessThan(0.5);
  expect(honestAbove['list']!.value).toBeLessThan(0.5);
});
