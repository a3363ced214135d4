/**
 * Checks mode `verified` on the labelled reasoning texts of bench/grounding. The honest text must score above texts
 * with invented objects, texts with false attributes, vague texts and bare lists in at least 95 % of the pairs of each
 * kind, even with judges that make errors.
 */
import { describe, expect, it } from 'vitest';
import { compare } from '../bench/grounding/compare.ts';
import { JUDGES } from '../bench/grounding/judges.ts';
import { evidenceOf, isShown, KINDS, readLabelled } from '../bench/grounding/labelled.ts';
import { modeScores, verifiedScores } from '../bench/grounding/photos.ts';
import { annotationClaims } from '../src/grounding/annotation-claims.ts';
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

it.each([
  ['invented', 0],
  ['attributes', 0],
  ['honest', 14],
] as const)(
  'checks what only the reasoning claims: with honest evidence beside %s reasoning, %i of 15 have no false claim',
  (kind, expected) => {
    const passing = photos.filter((photo) => {
      const { honest, [kind]: written } = photo.reasonings;
      const evidence = evidenceOf(photo, 'honest');
      expect(evidence.map((claim) => isShown(claim, honest))).not.toContain(false);
      const added = annotationClaims({ evidence, reasoning: written.text }, grounder).slice(evidence.length);
      return added.every((claim) => isShown(claim, written) === true);
    });
    expect(passing).toHaveLength(expected);
  },
);

it('puts right what mode paper gets wrong: vagueness and lists score above honesty there', async () => {
  const { honestAbove } = compare(await modeScores(photos, { grounder, mode: 'paper' }));
  expect(honestAbove['vague']!.value).toBeLessThan(0.5);
  expect(honestAbove['list']!.value).toBeLessThan(0.5);
});
