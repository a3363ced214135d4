/** Joins several verifiers. The first one that can decide a claim gives the claim's verdict. */
import type { Claim, ClaimVerdict } from '../../grounding/claim.ts';
import type { ClaimVerifier } from '../claim-verifier.ts';

/**
 * Joins the verifiers. Each verifier receives only the claims that the earlier ones could not decide, so list the
 * cheapest first.
 */
export function firstVerdict(verifiers: readonly ClaimVerifier[]): ClaimVerifier {
  return {
    name: verifiers.map(({ name }) => name).join(' + '),
    verify: async (image, claims, options) => {
      const verdicts: ClaimVerdict[] = claims.map(() => ({ verdict: 'cannot tell' }));
      for (const verifier of verifiers) {
        const open: { readonly claim: Claim; readonly at: number }[] = claims.flatMap((claim, at) =>
          verdicts[at]!.verdict === 'cannot tell' ? [{ claim, at }] : [],
        );
        if (open.length === 0) break;
        const found = await verifier.verify(
          image,
          open.map(({ claim }) => claim),
          options,
        );
        for (const [i, { at }] of open.entries()) verdicts[at] = found[i]!;
      }
      return verdicts;
    },
  };
}
