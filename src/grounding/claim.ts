/**
 * Claims about what a photo shows. A claim names one thing, and a reasoning text contains several claims. Annotators
 * write claims as evidence beside their reasoning. The grounder extracts claims from prose. A verifier
 * (`vision/claim-verifier.ts`) decides about each claim.
 */

export type Claim = {
  /** The visible thing in lower case: "road sign". */
  readonly thing: string;
  /** The property that distinguishes the thing: "yellow", "in Cyrillic script". */
  readonly attribute?: string;
  /** Text that is written on the thing according to the claim, without quotation marks. */
  readonly text?: string;
  /** A conclusion that the thing supports: a place, a climate, a side of the road. */
  readonly supports?: string;
  /**
   * The sentence that contains the claim, if the claim is from prose. It may describe the thing in more detail than
   * `attribute` does.
   */
  readonly sentence?: string;
  /** True if the text names the thing in a bare list, without saying anything about it. */
  readonly isListed?: true;
};

export type ClaimVerdict = {
  readonly verdict: 'seen' | 'contradicted' | 'cannot tell';
  /**
   * True if the verifier found the thing but could not check the attribute. The claim then counts as a claim without an
   * attribute.
   */
  readonly onlyThing?: true;
  /** The verifier's probability that the claim is true, if it has one. */
  readonly probability?: number;
  /** The source of the verdict: a label, a text in the image, or the name of a model. */
  readonly by?: string;
};

/** Returns the claim as a noun phrase: "yellow road sign". If the claim has a text, the phrase quotes it. */
export function claimPhrase({ thing, attribute, text }: Claim): string {
  const described =
    attribute === undefined ? thing : isModifier(attribute) ? `${attribute} ${thing}` : `${thing}, ${attribute}`;
  return text === undefined ? described : `${described} that reads "${text}"`;
}

/** True for "yellow" and "red and white", which come before the noun. False for "in Cyrillic script". */
const isModifier = (attribute: string): boolean =>
  attribute.split(/\s+/u).length <= 3 &&
  !/^(?:in|with|on|at|of|under|from|without|that|which)\b|,|ed in\b/iu.test(attribute);

/**
 * Returns the claims of an annotator's evidence. An entry that supports nothing only lists its thing, so it weighs as
 * little as an entry of a bare list.
 */
export const evidenceClaims = (evidence: readonly Claim[]): Claim[] =>
  evidence.map((entry) => (entry.supports === undefined ? { ...entry, isListed: true } : entry));
