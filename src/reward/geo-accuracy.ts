/**
 * The paper's accuracy reward. It compares country and city with the gazetteer's matcher, as evaluation does. An answer
 * that names no place, such as a refusal or unparseable text, is wrong and earns 0.
 */
import { parseAnswer } from '../core/answer-grammar.ts';
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import { type Score, scored, unscored } from '../core/score.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { legiblePlace } from '../gazetteer/legible.ts';
import { pureReward, type Reward, type RewardDetail } from './reward.ts';

/**
 * Weight of the city if the country is right. The paper states no value. The released code gives 1 for the city and 0.2
 * for the country alone, which implies 0.8.
 */
export const DEFAULT_ALPHA = 0.8;

/**
 * The paper's geo-localization reward, in [0, 1], for country c and city t: R_geo = 1[ĉ = c] (α 1[t̂ = t] + 1 − α). A
 * row is unscored if its truth lacks the country or the city, or if the gazetteer does not know the place.
 *
 * @example
 * geoAccuracy(gazetteer, { alpha: 0.8 }); // right country, wrong city: 0.2
 */
export function geoAccuracy(gazetteer: Gazetteer, { alpha = DEFAULT_ALPHA }: { readonly alpha?: number } = {}): Reward {
  return pureReward(`accuracy/paper/alpha=${alpha}`, ({ completion, truth }) => {
    if (truth.country === '' || truth.city === undefined || truth.city === '') {
      return unscored('the truth lacks the country or the city');
    }
    const legibleTruth = legiblePlace(truth);
    if ('reason' in legibleTruth) return unscored(`the truth cannot be read: ${legibleTruth.reason}`);
    const known = gazetteer.geocode(truth);
    if (known.kind === 'notFound') return unscored(`the truth names no known place: ${known.reason}`);
    const place = placeInCompletion(completion, gazetteer);
    if (typeof place === 'string') return scored(0, { answer: place });
    return byMatch(gazetteer, { place, truth, alpha });
  });
}

/**
 * Returns the place that the completion names, or else the place nearest to its coordinate. Without either, returns the
 * reason as a string.
 */
function placeInCompletion(completion: string, gazetteer: Gazetteer): Place | string {
  const answer = parseAnswer(completion);
  switch (answer.kind) {
    case 'place':
      return answer.place;
    case 'coordinate':
      return gazetteer.reverse(answer.coordinate) ?? 'a position far from any place';
    case 'refusal':
      return 'refusal';
    case 'unparseable':
      return `unparseable: ${answer.reason}`;
    default:
      throw new TypeError(`Unknown kind of answer: ${JSON.stringify(answer satisfies never)}`);
  }
}

function byMatch(
  gazetteer: Gazetteer,
  { place, truth, alpha }: { place: Place; truth: Place; alpha: number },
): Score<RewardDetail> {
  const match = gazetteer.match(place, truth);
  const value = match.country ? (match.city ? 1 : 1 - alpha) : 0;
  const { country, city, reason, corrected } = match;
  return scored(value, { answer: 'place', place, country, city, reason, ...defined({ corrected }) });
}
