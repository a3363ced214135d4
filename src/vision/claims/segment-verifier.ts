/** Verifies claims by the labels of a segmentation. This is the cheap fallback if there is no judge. */
import { elementVerdicts } from '../../grounding/element-verdicts.ts';
import type { ClaimVerifier } from '../claim-verifier.ts';
import type { Segmenter } from '../segmenter.ts';

/** Creates a verifier from a segmenter. A claim cannot be decided if the segmenter has no label for the thing. */
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
