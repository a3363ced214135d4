/**
 * Claims: what a reasoning says that the photo shows, one thing at a time. Annotators write claims as evidence beside
 * their reasoning; the grounder extracts them from the prose of all other texts. A verifier (`vision/claim-verifier.ts`)
 * decides about each claim.
 */

export type Claim = {
  /** The visible thing in lower case: "road sign". */
  readonly thing: string;
  /** What distinguishes it: "yellow", "in Cyrillic script". */
  readonly attribute?: string;
  /** Text that the claim reads in the image, without quotation marks. */
  readonly text?: string;
  /** What follows from it: a place, a climate, a side of the road. */
  readonly supports?: string;
  /** The sentence that a claim from prose stands in. It may say more about the thing than `attribute`. */
  readonly sentence?: string;
  /** True if the text names the thing in a bare list, without saying anything about it. */
  readonly isListed?: true;
};

export type ClaimVerdict = {
  readonly verdict: 'seen' | 'contradicted' | 'cannot tell';
  /**
   * True if only the thing was found, and nothing is known about the attribute. The claim then counts as a claim of the
   * bare thing.
   */
  readonly onlyThing?: true;
  /** The verifier's probability that the claim is true, if it has one. */
  readonly probability?: number;
  /** What decided: a label, a text in the image, or the name of a model. */
  readonly by?: string;
};

/** The claim as a noun phrase: "yellow road sign", or the thing with its text. */
export function claimPhrase({ thing, attribute, text }: Claim): string {
  const described =
    attribute === undefined ? thing : isModifier(attribute) ? `${attribute} ${thing}` : `${thing}, ${attribute}`;
  return text === undefined ? described : `${described} that reads "${text}"`;
}

/** True for "yellow" and "red and white", which stand before the noun; false for "in Cyrillic script". */
const isModifier = (attribute: string): boolean =>
  attribute.split(/\s+/u).length <= 3 &&
  !/^(?:in|with|on|at|of|under|from|without|that|which)\b|,|ed in\b/iu.test(attribute);
