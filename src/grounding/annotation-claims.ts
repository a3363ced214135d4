/**
 * The claims of an annotation. Evidence is more exact than claims extracted from prose, but the dataset keeps the prose
 * as the reasoning text. A thing that only the prose names must therefore be checked too.
 */
import { type Claim, evidenceClaims } from './claim.ts';
import { elementVerdicts } from './element-verdicts.ts';
import type { Grounder } from './grounding.ts';

/**
 * Returns the claims of the evidence, then each claim of the prose that the evidence does not make. The evidence makes
 * a claim if it names the thing with every distinguishing word of the claim. Without evidence, these are all claims of
 * the prose.
 *
 * @example
 * annotationClaims({ evidence: [{ thing: 'tram' }], reasoning: 'A tram passes a minaret.' }, grounder); // tram, minaret
 */
export function annotationClaims(
  { evidence = [], reasoning }: { readonly evidence?: readonly Claim[]; readonly reasoning: string },
  grounder: Pick<Grounder, 'claims'>,
): Claim[] {
  const prose = grounder.claims(reasoning);
  const named = {
    elements: evidence.map((claim) => ({ label: labelOf(claim), share: 1 })),
    texts: evidence.flatMap(({ text }) => text ?? []),
  };
  // With a complete vocabulary, a whole does not confirm its part: evidence about a building says nothing of a balcony.
  const verdicts = elementVerdicts(prose, named, { vocabulary: 'complete' });
  const isMade = prose.map((_, i) => verdicts[i]!.verdict === 'seen' && verdicts[i]!.onlyThing !== true);
  return [...evidenceClaims(evidence), ...prose.filter((_, i) => !isMade[i])];
}

/** Writes the claim as a label, whose last word is the thing. A comma would end the label. */
const labelOf = ({ thing, attribute = '' }: Claim): string => `${attribute} ${thing}`.replaceAll(/[;,]/g, ' ').trim();
