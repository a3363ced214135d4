/**
 * Runs a field case. Depending on the case, the text goes through the answer grammar and the geocoder, the geocoder
 * alone, or the matcher.
 */
import { parseAnswer } from '../../src/core/answer-grammar.ts';
import type { Coordinate } from '../../src/core/coordinate.ts';
import { placeText } from '../../src/core/place-text.ts';
import { distanceKm } from '../../src/core/distance.ts';
import { prefersStated } from '../../src/locator/preferred-position.ts';
import type { OfflineGazetteer } from '../../src/gazetteer/gazetteer.ts';

export type FieldCase = {
  readonly class: string;
  readonly expected: {
    /** Expected latitude and longitude. The result must be at most `km` kilometres away; the default is 25. */
    readonly lat?: number;
    readonly lon?: number;
    readonly km?: number;
    /** If true, a result without a position also passes. Used together with `lat` and `lon`. */
    readonly orNone?: boolean;
    readonly noPosition?: boolean;
    /**
     * Kinds of outcome that pass. Kinds are place, coordinate, refusal, unparseable, notGeocodable, found and notFound.
     */
    readonly kinds?: readonly string[];
    readonly confidence?: number;
    /** Expected alternatives in the answer, each as "city, country". */
    readonly alternatives?: readonly string[];
    /** Text that the answer's reasoning text must contain. */
    readonly reasoning?: string;
    /** Whether the matcher must treat the two countries (`country`) and the two cities (`city`) as the same. */
    readonly country?: boolean;
    readonly city?: boolean;
  };
} & (
  | { readonly kind: 'completion' | 'geocode'; readonly input: string }
  /**
   * Like `completion`, but with the position that `locate` reports. If the answer names only a country or region, and
   * states a position in it, this is the stated position.
   */
  | { readonly kind: 'finest'; readonly input: string }
  | { readonly kind: 'match' | 'matchcountry'; readonly input: readonly [string, string] }
);

type Outcome = {
  readonly kind: string;
  readonly position?: Coordinate | undefined;
  readonly confidence?: number | undefined;
  readonly alternatives?: readonly string[];
  readonly reasoning?: string;
  readonly country?: boolean;
  readonly city?: boolean;
  /** Shown in the message if the case fails. */
  readonly detail?: unknown;
};

/** Returns one sentence for each difference between the outcome and the expectation. */
export function faultsOf(fieldCase: FieldCase, gazetteer: OfflineGazetteer): string[] {
  const { expected } = fieldCase;
  const outcome = outcomeOf(fieldCase, gazetteer);
  const faults = [...positionFaults(expected, outcome.position)];
  const check = (holds: boolean, name: string) => {
    if (!holds) faults.push(`${name} differs`);
  };
  if (expected.kinds !== undefined) check(expected.kinds.includes(outcome.kind), 'kind');
  if (expected.country !== undefined) check(outcome.country === expected.country, 'country');
  if (expected.city !== undefined) check(outcome.city === expected.city, 'city');
  if (expected.reasoning !== undefined) check(outcome.reasoning?.includes(expected.reasoning) === true, 'reasoning');
  if (expected.confidence !== undefined) {
    check(Math.abs((outcome.confidence ?? -1) - expected.confidence) < 1e-6, 'confidence');
  }
  if (expected.alternatives !== undefined) {
    check(JSON.stringify(outcome.alternatives) === JSON.stringify(expected.alternatives), 'alternatives');
  }
  return faults.length === 0 ? [] : [...faults, `outcome: ${JSON.stringify(outcome)}`];
}

function* positionFaults(expected: FieldCase['expected'], position: Coordinate | undefined): Iterable<string> {
  if (expected.noPosition === true && position !== undefined) yield 'there is a position';
  if (expected.lat === undefined || expected.lon === undefined) return;
  if (position === undefined) {
    if (expected.orNone !== true) yield 'there is no position';
    return;
  }
  const km = distanceKm({ latitudeDegrees: expected.lat, longitudeDegrees: expected.lon }, position);
  if (km > (expected.km ?? 25)) yield `the position is ${km.toFixed(1)} km away`;
}

function outcomeOf(fieldCase: FieldCase, gazetteer: OfflineGazetteer): Outcome {
  switch (fieldCase.kind) {
    case 'completion':
    case 'finest':
      return completionOutcome(fieldCase, gazetteer);
    case 'geocode': {
      const found = gazetteer.geocode(gazetteer.splitPlace(fieldCase.input) ?? { country: '' });
      return found.kind === 'found' ? { kind: 'found', position: found.coordinate, detail: found.place } : found;
    }
    case 'match':
    case 'matchcountry': {
      const [a, b] = fieldCase.input.map((text) =>
        fieldCase.kind === 'match' ? (gazetteer.splitPlace(text) ?? { country: '' }) : { country: text },
      );
      const { country, city, reason } = gazetteer.match(a!, b!);
      return { kind: 'match', country, city, detail: reason };
    }
  }
}

function completionOutcome({ kind, input }: FieldCase, gazetteer: OfflineGazetteer): Outcome {
  const answer = parseAnswer(input as string);
  if (answer.kind === 'refusal' || answer.kind === 'unparseable') return answer;
  const { confidence, reasoning } = answer;
  const alternatives = (answer.alternatives ?? []).map(({ place }) => placeText(place));
  const more = { confidence, reasoning, alternatives };
  if (answer.kind === 'coordinate') return { kind: answer.kind, position: answer.coordinate, ...more };
  const found = gazetteer.geocode(answer.place);
  if (found.kind === 'notFound') {
    const position = answer.coordinate;
    return { kind: position === undefined ? 'notGeocodable' : 'place', position, ...more, detail: answer.place };
  }
  const prefer = kind === 'finest' ? kind : 'place';
  const stated = answer.coordinate;
  const isStated = stated !== undefined && prefersStated(stated, { found, prefer, gazetteer });
  return { kind: 'place', position: isStated ? stated : found.coordinate, ...more, detail: answer.place };
}
