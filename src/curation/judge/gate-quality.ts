/**
 * Measures the gates against known truth: the precision and recall of each gate over the photos that reached it, and
 * the error rate of the kept reasoning texts. Dropping a photo is right if the photo has the fault that the gate looks
 * for.
 */
import { proportion } from '../../core/statistics/proportion.ts';
import type { Proportion } from '../../core/statistics/proportion.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Stage } from './funnel.ts';
import type { Annotation } from '../observe/observation.ts';
import type { Oracle } from './oracle.ts';
import type { Result } from './result.ts';
import type { Fate } from './select.ts';

export type GateQuality = {
  readonly gate: MeasuredStage;
  /** Share of the dropped photos that have the fault. */
  readonly precision: Proportion | undefined;
  /** Share of the photos with the fault that the gate drops. */
  readonly recall: Proportion | undefined;
};

export type Quality = {
  readonly gates: readonly GateQuality[];
  /** Share of the kept reasoning texts that name a wrong place. */
  readonly wrongPlace: Proportion | undefined;
  /** Share of the kept reasoning texts that name something that is not in the photo. */
  readonly hallucination: Proportion | undefined;
  /** Share of the kept reasoning texts with either fault. */
  readonly error: Proportion | undefined;
};

const MEASURED = ['localizability', 'correctness', 'cross-model', 'grounding', 'duplicate'] as const;
export type MeasuredStage = (typeof MEASURED)[number];

/** Describes the fault that each gate looks for. */
export const FAULTS: Readonly<Record<MeasuredStage, string>> = {
  localizability: 'the photo is not localizable',
  correctness: "no annotator names the photo's own city",
  'cross-model': 'an annotator names a wrong city or a thing that is not in the photo',
  grounding: 'every candidate reasoning names a thing that is not in the photo',
  duplicate: 'an earlier photo shows the same motif',
};

export type QualityCounter = {
  /** Adds a photo. Photos must be added in the order of ids. `fate` is undefined if a gate dropped the photo. */
  add(result: Result, fate: Fate | undefined): void;
  quality(): Quality;
};

type Counts = { droppedFaulty: number; dropped: number; faulty: number };

export function createQualityCounter(oracle: Oracle, gazetteer: Pick<Gazetteer, 'match'>): QualityCounter {
  const counts = new Map<MeasuredStage, Counts>();
  const motifs = new Set<string>();
  const rows = { n: 0, wrongPlace: 0, hallucination: 0, error: 0 };
  const count = (gate: MeasuredStage, { faulty, dropped }: { faulty: boolean; dropped: boolean }): void => {
    const before = counts.get(gate) ?? { droppedFaulty: 0, dropped: 0, faulty: 0 };
    counts.set(gate, {
      droppedFaulty: before.droppedFaulty + (faulty && dropped ? 1 : 0),
      dropped: before.dropped + (dropped ? 1 : 0),
      faulty: before.faulty + (faulty ? 1 : 0),
    });
  };
  return {
    add: (result, fate) => {
      const localizable = oracle.localizable(result.id);
      if (localizable === undefined || result.truth === undefined) return;
      const flaws = flawsOf(result, { oracle, gazetteer });
      const isDuplicate = fate?.kind === 'dropped' && fate.stage === 'duplicate';
      // Verdicts on near-duplicates are not counted, because there are none if questions are asked in the order of
      // their prices.
      for (const { gate, passed } of isDuplicate ? [] : result.verdicts) {
        if (isMeasured(gate)) count(gate, { faulty: isFaulty(gate, { flaws, localizable }), dropped: !passed });
      }
      if (fate === undefined || (fate.kind === 'dropped' && fate.stage === 'review')) return;
      const motif = oracle.motif(result.id);
      count('duplicate', { faulty: motifs.has(motif), dropped: isDuplicate });
      motifs.add(motif);
      const chosen = flaws.find(({ annotator }) => annotator === result.chosen);
      if (fate.kind !== 'kept' || chosen === undefined) return;
      rows.n += 1;
      if (chosen.wrongPlace) rows.wrongPlace += 1;
      if (chosen.hallucinates) rows.hallucination += 1;
      if (chosen.wrongPlace || chosen.hallucinates) rows.error += 1;
    },
    quality: () => ({
      gates: MEASURED.filter((gate) => counts.has(gate)).map((gate) => {
        const { droppedFaulty, dropped, faulty } = counts.get(gate)!;
        return { gate, precision: proportion(droppedFaulty, dropped), recall: proportion(droppedFaulty, faulty) };
      }),
      wrongPlace: proportion(rows.wrongPlace, rows.n),
      hallucination: proportion(rows.hallucination, rows.n),
      error: proportion(rows.error, rows.n),
    }),
  };
}

const isMeasured = (stage: Stage): stage is Exclude<MeasuredStage, 'duplicate'> =>
  stage !== 'duplicate' && (MEASURED as readonly Stage[]).includes(stage);

type Flaws = {
  readonly annotator: string;
  readonly wrongPlace: boolean;
  readonly rightCity: boolean;
  readonly hallucinates: boolean;
};

function flawsOf(
  { id, truth, observations }: Result,
  { oracle, gazetteer }: { oracle: Oracle; gazetteer: Pick<Gazetteer, 'match'> },
): Flaws[] {
  return Object.entries(observations).flatMap(([key, observation]) => {
    if (observation.kind !== 'annotation') return [];
    return [
      {
        annotator: key.slice('annotation:'.length),
        ...placeFlaws(observation, { truth: truth!, gazetteer }),
        hallucinates: oracle.hallucinated(id, observation.reasoning).length > 0,
      },
    ];
  });
}

/** An answer with the right country and no city does not count as a wrong place, nor as the right city. */
function placeFlaws(
  { place }: Annotation,
  { truth, gazetteer }: { truth: NonNullable<Result['truth']>; gazetteer: Pick<Gazetteer, 'match'> },
): Pick<Flaws, 'wrongPlace' | 'rightCity'> {
  if (place === undefined) return { wrongPlace: false, rightCity: false };
  const match = gazetteer.match(place, truth);
  const rightCity = match.country && match.city;
  return { rightCity, wrongPlace: !match.country || (place.city !== undefined && !rightCity) };
}

function isFaulty(
  gate: Exclude<MeasuredStage, 'duplicate'>,
  { flaws, localizable }: { flaws: readonly Flaws[]; localizable: boolean },
): boolean {
  switch (gate) {
    case 'localizability':
      return !localizable;
    case 'correctness':
      return !flaws.some(({ rightCity }) => rightCity);
    case 'cross-model':
      return flaws.some(({ wrongPlace, hallucinates }) => wrongPlace || hallucinates);
    case 'grounding':
      return flaws.filter(({ rightCity }) => rightCity).every(({ hallucinates }) => hallucinates);
  }
}
