/** Converts measured results to parts of the page. `globe start` and `globe reproduce` both use this. */
import { parseAnswer } from '../../core/answer-grammar.ts';
import { defined } from '../../core/defined.ts';
import { random, shuffled } from '../../core/random.ts';
import { placeText } from '../../core/place-text.ts';
import { reasoningOf } from '../../reward/visual-grounding.ts';
import type { TestPhoto } from '../evaluate-arm.ts';
import type { Measures, PairedTest, PredictionLine } from '../results.ts';
import type {
  ArmAccuracy,
  Difference,
  Example,
  ExampleAnswer,
  Hallucination,
  RiskCurve,
  Thresholds,
} from './content.ts';

type NamedMeasures = { readonly arm: string; readonly measures: Measures };

export function armAccuracy({ arm, measures, runs }: NamedMeasures & { readonly runs: number }): ArmAccuracy {
  const entries = measures.accuracy.map(({ thresholdKm, value, low, high }) => [thresholdKm, { value, low, high }]);
  return { arm, n: measures.n, runs, accuracy: Object.fromEntries(entries) as Thresholds };
}

/** Returns how much a method hallucinates. The list is empty for a method without reasoning texts. */
export function hallucinationsOf({
  arm,
  measures: { n, reasoning },
  groundingReward,
}: NamedMeasures & Pick<Hallucination, 'groundingReward'>): Hallucination[] {
  if (reasoning === undefined) return [];
  return [{ arm, groundingReward, n, named: reasoning.entities, notShown: reasoning.hallucinated }];
}

/** Returns the risk curve of a method. The list is empty if no judge of localizability was used. */
export function riskOf({ arm, measures: { n, riskCoverage } }: NamedMeasures): RiskCurve[] {
  return riskCoverage === undefined ? [] : [{ arm, n, ...riskCoverage }];
}

/** Combines the accuracy tests of two arms, one test per threshold, into one difference. */
export function differenceOf(
  tests: readonly PairedTest[],
  { first, second, benchmark }: Pick<Difference, 'first' | 'second' | 'benchmark'>,
): Difference {
  return {
    first,
    second,
    benchmark,
    n: tests[0]!.n,
    thresholds: tests.flatMap(({ measure, difference, low, high, pAdjusted }) =>
      measure.kind === 'accuracy'
        ? [
            {
              thresholdKm: measure.thresholdKm,
              differencePoints: 100 * difference,
              low: 100 * low,
              high: 100 * high,
              pAdjusted,
            },
          ]
        : [],
    ),
  };
}

const EXAMPLE_SEED = 6;

/**
 * Selects random localizable photos without looking at the answers, from different cities if possible. Then adds each
 * arm's answers.
 */
export function examplesOf(
  photos: readonly TestPhoto[],
  arms: readonly { readonly arm: string; readonly lines: readonly PredictionLine[] }[],
  count: number,
): Example[] {
  const drawn = shuffled(
    photos.filter(({ localizable }) => localizable),
    random(EXAMPLE_SEED),
  );
  const firstOfCity = new Map(drawn.toReversed().map((photo) => [photo.example.truth.city, photo]));
  const chosen = [
    ...new Set([...drawn.filter((photo) => firstOfCity.get(photo.example.truth.city) === photo), ...drawn]),
  ];
  const answers = arms.map(({ arm, lines }) => ({ arm, byId: new Map(lines.map((line) => [line.id, line])) }));
  return chosen.slice(0, count).map(({ example: { id, image, truth } }) => ({
    id,
    image,
    truth: placeText(truth),
    answers: answers.map(({ arm, byId }) => exampleAnswer(byId.get(id)!, arm)),
  }));
}

function exampleAnswer({ completion = '', distanceKm, entities = [] }: PredictionLine, arm: string): ExampleAnswer {
  return {
    arm,
    reasoning: reasoningOf(completion).trim(),
    place: placeWords(completion),
    ...defined({ distanceKm }),
    hallucinated: entities.flatMap(({ text, shown }) => (shown ? [] : [text])),
  };
}

function placeWords(completion: string): string {
  const answer = parseAnswer(completion);
  switch (answer.kind) {
    case 'place':
      return placeText(answer.place);
    case 'coordinate':
      return `${answer.coordinate.latitudeDegrees}, ${answer.coordinate.longitudeDegrees}`;
    case 'refusal':
      return 'declined to answer';
    case 'unparseable':
      return 'no readable answer';
  }
}
