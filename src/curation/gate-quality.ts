/**
 * What the gates were right about, where the truth is known: precision and recall of each gate over the photos that
 * reached it, and the error rate of the reasonings that were kept. A gate drops rightly when the photo has the fault
 * that the gate is there to find.
 */
import { proportion } from '../core/statistics/proportion.ts';
import type { Proportion } from '../core/statistics/proportion.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { GateName } from './gates/gate.ts';
import type { Annotation } from './observation.ts';
import type { Oracle } from './oracle.ts';
import type { Result } from './result.ts';

export type GateQuality = {
  readonly gate: GateName;
  /** Of the photos that it dropped, the share that has the fault. */
  readonly precision: Proportion | undefined;
  /** Of the photos that have the fault, the share that it dropped. */
  readonly recall: Proportion | undefined;
};

export type Quality = {
  readonly gates: readonly GateQuality[];
  /** Of the kept reasonings: says a place that is not the photo's own. */
  readonly wrongPlace: Proportion | undefined;
  /** Of the kept reasonings: names a thing that is not in the photo. */
  readonly hallucination: Proportion | undefined;
  /** Either of the two. */
  readonly error: Proportion | undefined;
};

const GATES = ['localizability', 'correctness', 'cross-model', 'grounding'] as const;
type Judged = (typeof GATES)[number];

/** The fault that each gate looks for, in words. */
export const FAULTS: Readonly<Record<Judged, string>> = {
  localizability: 'the photo is not localizable',
  correctness: "no annotator names the photo's own city",
  'cross-model': 'an annotator names a wrong city or a thing that is not there',
  grounding: 'every candidate reasoning names a thing that is not there',
};

export type QualityCounter = {
  add(result: Result, options: { kept: boolean }): void;
  quality(): Quality;
};

type Counts = { droppedFaulty: number; dropped: number; faulty: number };

export function createQualityCounter(oracle: Oracle, gazetteer: Pick<Gazetteer, 'match'>): QualityCounter {
  const counts = new Map<Judged, Counts>(GATES.map((gate) => [gate, { droppedFaulty: 0, dropped: 0, faulty: 0 }]));
  const reached = new Set<Judged>();
  const rows = { n: 0, wrongPlace: 0, hallucination: 0, error: 0 };
  return {
    add: (result, { kept }) => {
      if (oracle.localizable(result.id) === undefined || result.truth === undefined) return;
      const flaws = flawsOf(result, { oracle, gazetteer });
      for (const { gate, passed } of result.verdicts) {
        if (!isJudged(gate)) continue;
        reached.add(gate);
        const faulty = isFaulty(gate, { flaws, localizable: oracle.localizable(result.id)! });
        const count = counts.get(gate)!;
        if (faulty) count.faulty += 1;
        if (!passed) count.dropped += 1;
        if (faulty && !passed) count.droppedFaulty += 1;
      }
      const chosen = kept ? flaws.find(({ annotator }) => annotator === result.chosen) : undefined;
      if (chosen === undefined) return;
      rows.n += 1;
      if (chosen.wrongPlace) rows.wrongPlace += 1;
      if (chosen.hallucinates) rows.hallucination += 1;
      if (chosen.wrongPlace || chosen.hallucinates) rows.error += 1;
    },
    quality: () => ({
      gates: GATES.filter((gate) => reached.has(gate)).map((gate) => {
        const { droppedFaulty, dropped, faulty } = counts.get(gate)!;
        return { gate, precision: proportion(droppedFaulty, dropped), recall: proportion(droppedFaulty, faulty) };
      }),
      wrongPlace: proportion(rows.wrongPlace, rows.n),
      hallucination: proportion(rows.hallucination, rows.n),
      error: proportion(rows.error, rows.n),
    }),
  };
}

const isJudged = (gate: GateName): gate is Judged => (GATES as readonly GateName[]).includes(gate);

type Flaws = { readonly annotator: string; readonly wrongPlace: boolean; readonly hallucinates: boolean };

function flawsOf(
  { id, truth, observations }: Result,
  { oracle, gazetteer }: { oracle: Oracle; gazetteer: Pick<Gazetteer, 'match'> },
): Flaws[] {
  return Object.entries(observations).flatMap(([key, observation]) => {
    if (observation.kind !== 'annotation') return [];
    return [
      {
        annotator: key.slice('annotation:'.length),
        wrongPlace: namesWrongPlace(observation, { truth: truth!, gazetteer }),
        hallucinates: oracle.hallucinated(id, observation.reasoning).length > 0,
      },
    ];
  });
}

/** A place was named, and it is not the photo's: naming the country alone is not wrong. */
function namesWrongPlace(
  { place }: Annotation,
  { truth, gazetteer }: { truth: NonNullable<Result['truth']>; gazetteer: Pick<Gazetteer, 'match'> },
): boolean {
  if (place === undefined) return false;
  const match = gazetteer.match(place, truth);
  return !match.country || (place.city !== undefined && !match.city);
}

function isFaulty(gate: Judged, { flaws, localizable }: { flaws: readonly Flaws[]; localizable: boolean }): boolean {
  switch (gate) {
    case 'localizability':
      return !localizable;
    case 'correctness':
      return flaws.every(({ wrongPlace }) => wrongPlace);
    case 'cross-model':
      return flaws.some(({ wrongPlace, hallucinates }) => wrongPlace || hallucinates);
    case 'grounding':
      return flaws.filter(({ wrongPlace }) => !wrongPlace).every(({ hallucinates }) => hallucinates);
  }
}
