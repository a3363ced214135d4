/**
 * How much a claim can tell about a place, in (0, 1]. A sky, a road or a tree is in every second photo, so naming it
 * earns almost nothing. A yellow diamond warning sign earns the full weight. The numbers are our choice. They only have
 * to separate common things from distinctive ones. The score (claim-score.ts) is insensitive to their exact values.
 */
import type { Claim } from './claim.ts';
import { GENERAL_WORDS } from './lexicon/word-lists.ts';
import { singular } from './visible-nouns.ts';

const WEIGHTS = {
  /** A common thing without an attribute, or a thing that tells nothing even with an attribute ("blue sky"). */
  common: 0.05,
  /** A less common thing without an attribute: "signboard", "tram". */
  thing: 0.4,
  /** A common thing with a distinguishing attribute: "pastel building". */
  commonWithAttribute: 0.6,
  /** A less common thing with a distinguishing attribute, or a text that the image shows. */
  telling: 1,
} as const;

/** Factor on the weight of a thing in a bare list. */
const LISTED_SHARE = 0.25;

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Things in most outdoor or indoor photos: the most frequent classes of ADE20K, and general words for them. */
const COMMON = set(`
  building house wall window door roof facade façade shop store storefront structure brick stone
  road street path way pavement sidewalk lane asphalt ground floor earth soil dirt land field grass lawn sand gravel
  tree plant bush shrub vegetation foliage greenery leaf flower forest wood hedge garden park
  person people man woman child crowd pedestrian group tourist
  car vehicle automobile traffic truck van bus bicycle bike motorcycle wheel
  water sea river lake ocean wave beach coast mountain hill rock cliff valley snow
  fence pole post wire cable railing gate bench chair table lamp streetlight lamppost
  room ceiling furniture picture painting curtain bed sofa cabinet
  boat ship bridge stair stairs staircase step column skyline tower square plaza courtyard clothes clothing shirt
  food dish plate cup bottle glass book screen animal dog bird
`);

/** Things that tell nothing about a place, even with an attribute. */
const NEVER_TELLING = set('sky cloud sun moon shadow light sunlight reflection fog mist haze darkness');

/** Returns the weight of the claim, and the weight of its thing alone. */
export function informativeness(claim: Claim): { readonly whole: number; readonly thing: number } {
  const share = claim.isListed === true ? LISTED_SHARE : 1;
  const head = singular(claim.thing.toLowerCase().split(/\s+/u).at(-1) ?? '');
  const thing = NEVER_TELLING.has(head) || COMMON.has(head) ? WEIGHTS.common : WEIGHTS.thing;
  return { whole: share * wholeWeight(claim, head), thing: share * thing };
}

function wholeWeight({ thing, attribute, text }: Claim, head: string): number {
  if (text !== undefined) return WEIGHTS.telling;
  if (NEVER_TELLING.has(head)) return WEIGHTS.common;
  const isMarked = [...(attribute ?? '').split(/[\s,-]+/u), ...thing.split(/\s+/u).slice(0, -1)]
    .map((word) => word.toLowerCase())
    .some((word) => word !== '' && !GENERAL_WORDS.has(word));
  if (COMMON.has(head)) return isMarked ? WEIGHTS.commonWithAttribute : WEIGHTS.common;
  return isMarked ? WEIGHTS.telling : WEIGHTS.thing;
}
