import { expect, it } from 'vitest';
import { type Claim, claimPhrase } from '../../grounding/claim.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { parseRecipe } from '../recipe/read-recipe.ts';
import { createAsk } from './instruments.ts';

const image: PreparedImage = {
  bytes: new Uint8Array([1]),
  mediaType: 'image/png',
  widthPixels: 1,
  heightPixels: 1,
  sha256: 'a',
};

it('verifies the claims of the evidence, and those that only the reasoning makes', async () => {
  const recipe = parseRecipe({
    annotators: [{ model: 'a' }, { model: 'b' }],
    segmentation: { model: 's' },
    gps: { model: 'g' },
    verifier: { model: 'v' },
    gates: { grounding: { mode: 'verified' } },
  });
  const verify = (claims: readonly Claim[]) =>
    claims.map(({ thing }) => ({ verdict: thing === 'tram' ? ('seen' as const) : ('contradicted' as const) }));
  const ask = createAsk(recipe, {
    annotators: new Map(),
    grounder: await openGrounder(),
    verifier: { name: 'test', verify: async (_, claims) => verify(claims) },
  });
  const { observation } = await ask(
    { kind: 'claims', annotator: 'a' },
    {
      photo: { id: 'x', path: 'x.jpg', coordinate: { latitudeDegrees: 0, longitudeDegrees: 0 } },
      show: async () => ({ image, sha256: 'a' }),
      annotation: () => ({
        kind: 'annotation',
        localizable: true,
        reasoning: 'A yellow tram passes a minaret.',
        evidence: [{ thing: 'tram', attribute: 'yellow', supports: 'Portugal' }],
      }),
      signal: new AbortController().signal,
    },
  );
  const claims = observation.kind === 'claims' ? observation.claims : [];
  expect(claims.map((claim) => [claimPhrase(claim), claim.verdict])).toEqual([
    ['yellow tram', 'seen'],
    ['minaret', 'contradicted'],
  ]);
});
