/** The answers of one model about the held-out photos, read back from its evaluation, beside the photos. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAnswer } from '../../core/answer-grammar.ts';
import { random } from '../../core/random.ts';
import { bootstrapMeans, mean } from '../../core/statistics/index.ts';
import type { Observation } from '../../evaluation/index.ts';
import { reasoningOf } from '../../reward/visual-grounding.ts';
import { PREDICTIONS_FILE, type TestPhoto } from '../evaluate-arm.ts';
import type { Estimate, ExampleAnswer, Hallucination } from '../report/content.ts';
import type { PredictionLine } from '../results.ts';

export type Answered = { readonly photo: TestPhoto; readonly line: PredictionLine };

/** Answers about the localizable photos, in the order of the photos. Our own file: not checked again. */
export async function readAnswers(folder: string, photos: readonly TestPhoto[]): Promise<Answered[]> {
  const text = await readFile(join(folder, PREDICTIONS_FILE), 'utf8');
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as PredictionLine]));
  const byId = new Map(lines.map((line) => [line.id, line]));
  return photos.filter(({ localizable }) => localizable).map((photo) => ({ photo, line: byId.get(photo.example.id)! }));
}

/** As the metrics and the paired tests want them. */
export function observationsOf(answers: readonly Answered[]): Observation[] {
  return answers.map(({ photo: { example }, line }) => ({
    id: line.id,
    truth: { coordinate: example.truthCoordinate!, place: example.truth },
    outcome:
      line.outcome === 'located'
        ? {
            kind: 'located',
            coordinate: { latitudeDegrees: line.latitudeDegrees!, longitudeDegrees: line.longitudeDegrees! },
          }
        : { kind: line.outcome, reason: line.outcome },
    ...(line.distanceKm !== undefined && { distanceKm: line.distanceKm }),
    countryMatch: line.countryMatch,
    cityMatch: line.cityMatch,
    author: line.owner,
  }));
}

/** Seed of the intervals, so that the same answers always give the same page. */
const INTERVAL_SEED = 20_251_122;

/** What the reasonings name and what of it the photos do not show; whole owners are resampled. */
export function hallucinationOf(
  answers: readonly Answered[],
  { arm, groundingReward }: Pick<Hallucination, 'arm' | 'groundingReward'>,
): Hallucination {
  const named = answers.map(({ line }) => line.entities?.length ?? 0);
  const notShown = answers.map(({ line }) => notShownIn(line).length);
  const clusters = answers.map(({ line }) => line.owner);
  const intervals = bootstrapMeans([named, notShown], { clusters, generator: random(INTERVAL_SEED) })!;
  const estimate = (values: readonly number[], index: number): Estimate => ({
    value: mean(values)!,
    ...intervals[index]!,
  });
  return { arm, groundingReward, n: answers.length, named: estimate(named, 0), notShown: estimate(notShown, 1) };
}

/** One answer as a person reads it. */
export function exampleAnswer({ line }: Answered, arm: string): ExampleAnswer {
  const completion = line.completion ?? '';
  return {
    arm,
    reasoning: reasoningOf(completion).trim(),
    place: placeWords(completion),
    ...(line.distanceKm !== undefined && { distanceKm: line.distanceKm }),
    hallucinated: notShownIn(line),
  };
}

const notShownIn = ({ entities = [] }: PredictionLine): string[] =>
  entities.flatMap(({ text, shown }) => (shown ? [] : [text]));

function placeWords(completion: string): string {
  const answer = parseAnswer(completion);
  switch (answer.kind) {
    case 'place':
      return [answer.place.city, answer.place.country].filter(Boolean).join(', ');
    case 'coordinate':
      return `${answer.coordinate.latitudeDegrees}, ${answer.coordinate.longitudeDegrees}`;
    case 'refusal':
      return 'does not say';
    case 'unparseable':
      return 'no readable answer';
  }
}
