/** What the main job found, as the content of the page of trainings. */
import type { Comparison, Metrics } from '../../evaluation/index.ts';
import { THRESHOLDS_KM } from '../../evaluation/index.ts';
import type { ArmAccuracy, Example, Hallucination, PageContent, Thresholds } from '../report/content.ts';
import type { TrainingCurve } from '../report/training-curve.ts';
import { signed } from '../report/words.ts';

export const BEFORE = 'base';
export const AFTER = 'GRPO';

/** Above every number of the job. */
export const CAUTION =
  'The photos are drawings of a generated world, and the model is a few thousandths of the size of the usual ones: these numbers show that the method works, and say nothing about real photos or real models.';

export type StartFindings = {
  /** Held-out photos that show something of their place. */
  readonly n: number;
  readonly before: Metrics;
  readonly after: Metrics;
  readonly comparison: Comparison;
  readonly hallucinations: readonly Hallucination[];
  readonly curve: TrainingCurve;
  readonly examples: readonly Example[];
  /** Photos that training learnt from. */
  readonly trainingPhotos: number;
  readonly steps: number;
  readonly groupSize: number;
  readonly batchSize: number;
  readonly protocol: PageContent['protocol'];
};

const BENCHMARK = 'Held-out photos that can be placed';

export function startContent(findings: StartFindings): PageContent {
  const { n, before, after, comparison, curve, trainingPhotos, steps, batchSize, groupSize } = findings;
  const city = comparison.thresholds.find(({ thresholdKm }) => thresholdKm === 25)!;
  return {
    title: 'A small model learns to place photos by reasoning about them',
    summary: [
      `A small vision-language model that had learnt from careless annotators was trained by reinforcement learning (GRPO) on ${trainingPhotos} verified photos, for ${steps} steps of ${batchSize} photos with ${groupSize} answers each.`,
      'Answers were rewarded for the right place, for naming only what the photo shows, and for the asked form; nobody showed it a right answer.',
      `Before and after, it was asked about the same ${n} photos, which no training saw.`,
    ],
    caution: CAUTION,
    headlines: [
      {
        value: `${share(before)} → ${share(after)} %`,
        label: `of ${n} held-out photos within 25 km, before and after`,
      },
      {
        value: `${signed(city.differencePoints)} points`,
        label: `gained at city level (95 % interval ${signed(city.low)} to ${signed(city.high)})`,
      },
      ...findings.hallucinations.slice(-1).map(({ notShown }) => ({
        value: `${findings.hallucinations[0]!.notShown.value.toFixed(2)} → ${notShown.value.toFixed(2)}`,
        label: 'things named per reasoning that the photo does not show',
      })),
    ],
    arms: [BEFORE, AFTER],
    benchmarks: [
      {
        name: BENCHMARK,
        description: `${n} photos of the test split that show something of their country; some of their cities occur in no training photo.`,
        arms: [armAccuracy(BEFORE, before), armAccuracy(AFTER, after)],
      },
    ],
    differences: [{ first: BEFORE, second: AFTER, benchmark: BENCHMARK, n, thresholds: comparison.thresholds }],
    training: [curve],
    risk: [],
    hallucinations: findings.hallucinations,
    examples: findings.examples,
    tables: [],
    protocol: findings.protocol,
  };
}

const share = ({ accuracy }: Metrics): string => (100 * accuracy[25].value).toFixed(1);

function armAccuracy(arm: string, { n, accuracy }: Metrics): ArmAccuracy {
  const entries = THRESHOLDS_KM.map((km) => {
    const { value, low, high, byOwner } = accuracy[km];
    return [km, { value, ...(byOwner ?? { low, high }) }] as const;
  });
  return { arm, n, runs: 1, accuracy: Object.fromEntries(entries) as unknown as Thresholds };
}
