/** Verifies claims by the labels of a segmentation: the cheap fallback without a judge. */
import { elementVerdicts } from '../../grounding/element-verdicts.ts';
import type { ClaimVerifier } from '../claim-verifier.ts';
import type { Segmenter } from '../segmenter.ts';

/** Creates a verifier from a segmenter. A thing that the segmenter has no label for cannot be decided. */
export function segmentVerifier(segmenter: Segmenter): ClaimVerifier {
  const { labels } = segmenter;
  return {
    name: `segmentation/${segmenter.name}`,
    verify: async (image, claims, { signal }) => {
      const elements = await segmenter.segment(image, { signal });
      return elementVerdicts(claims, { elements }, labels === undefined ? {} : { vocabulary: labels });
    },
  };
}
