/**
 * The interface for deciding whether an image shows what a text claims. The implementations are in claims/: a
 * vision-language model as a judge, a reader of text, and a segmentation. An open-vocabulary detector could be added.
 */
import type { Claim, ClaimVerdict } from '../grounding/claim.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

export interface ClaimVerifier {
  /** Name and version, recorded for provenance. */
  readonly name: string;
  /**
   * Returns one verdict per claim, in order: `cannot tell` for each claim that the verifier cannot decide. Throws a
   * GlobeError if the verifier fails, so that a failure never counts as a contradiction.
   */
  verify(
    image: PreparedImage,
    claims: readonly Claim[],
    options: { readonly signal: AbortSignal },
  ): Promise<ClaimVerdict[]>;
}
