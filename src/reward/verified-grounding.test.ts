import { describe, expect, it } from 'vitest';
import { GlobeError } from '../core/errors.ts';
import type { Claim, ClaimVerdict } from '../grounding/claim.ts';
import { openGrounder } from '../grounding/entity-grounder.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import type { ClaimVerifier } from '../vision/claim-verifier.ts';
import type { RewardInput } from './reward.ts';
import { verifiedGrounding, type VerifiedGroundingOptions } from './verified-grounding.ts';

const grounder = await openGrounder();
const { signal } = new AbortController();
const image: PreparedImage = {
  bytes: new Uint8Array([1]),
  mediaType: 'image/png',
  widthPixels: 1,
  heightPixels: 1,
  sha256: 'a',
};
const HONEST = 'A yellow tram passes a Cyrillic signboard. The kerbs are painted, and a trolleybus wire hangs above.';
const row = (reasoning: string, fields: Partial<RewardInput> = {}): RewardInput => ({
  id: '1',
  completion: locateTarget({ reasoning, country: 'Serbia', city: 'Belgrade' }),
  truth: { country: 'Serbia' },
  ...fields,
});

const verifier = (verify: (claims: readonly Claim[]) => ClaimVerdict[]): ClaimVerifier => ({
  name: 'test',
  verify: async (_, claims) => verify(claims),
});
const always = (verdict: ClaimVerdict['verdict']) => verifier((claims) => claims.map(() => ({ verdict })));

async function scoreOf(input: RewardInput, options: Omit<VerifiedGroundingOptions, 'grounder'> = {}) {
  const [score] = await verifiedGrounding({ grounder, ...options }).score([input], { signal });
  return score!;
}

describe('visual grounding in mode verified', () => {
  it.each([
    ['seen', 1],
    ['contradicted', -1],
    ['cannot tell', 0],
  ] as const)('scores a reasoning whose claims are all "%s" %i', async (verdict, expected) => {
    expect(await scoreOf(row(HONEST, { image }), { verifier: always(verdict) })).toMatchObject({ value: expected });
  });

  it('reports each claim with its verdict, and the coverage', async () => {
    const score = await scoreOf(row('A yellow tram passes.', { image }), { verifier: always('seen') });
    expect(score).toMatchObject({
      detail: { coverage: 1, seen: 1, claims: [{ claim: 'yellow tram', verdict: 'seen' }] },
    });
  });

  it('decides by elements without a verifier', async () => {
    const elements = [{ label: 'tram', share: 0.1 }];
    const score = await scoreOf(row('A tram passes. There is a minaret.', { elements }), { vocabulary: 'complete' });
    expect(score).toMatchObject({ detail: { seen: 1, contradicted: 1 } });
  });

  it('does not soften the cost of contradictions if they are repeated', async () => {
    const lies = Array.from({ length: 6 }, () => HONEST).join(' ');
    expect(await scoreOf(row(lies, { image }), { verifier: always('contradicted') })).toMatchObject({ value: -1 });
    const honest = await scoreOf(row(lies, { image }), { verifier: always('seen') });
    expect(honest).toMatchObject({ value: expect.closeTo(0.2, 1) });
  });

  it('leaves a row unscored without an image for the verifier', async () => {
    const reason = 'the row has no image for the verifier';
    expect(await scoreOf(row(HONEST), { verifier: always('seen') })).toEqual({ kind: 'unscored', reason });
  });

  it('leaves a row unscored without elements and without a verifier', async () => {
    const reason = 'the row does not list what the image shows (elements), and no verifier is set';
    expect(await scoreOf(row(HONEST))).toEqual({ kind: 'unscored', reason });
  });

  it.each([
    ['service', true],
    ['rejected', undefined],
  ] as const)('leaves a row unscored if the verifier fails with "%s"', async (code, temporary) => {
    const failing = verifier(() => {
      throw new GlobeError({ code, message: 'down' });
    });
    const score = await scoreOf(row(HONEST, { image }), { verifier: failing });
    expect(score).toEqual({
      kind: 'unscored',
      reason: 'the verifier gave no answer: down',
      ...(temporary && { temporary }),
    });
  });

  it('scores silence 0 and asks nothing', async () => {
    const asked = verifier(() => {
      throw new Error('asked');
    });
    expect(await scoreOf(row('This must be Serbia.', { image }), { verifier: asked })).toMatchObject({ value: 0 });
  });
});
