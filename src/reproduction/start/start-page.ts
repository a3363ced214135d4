/** Converts the findings of the main job to the content of the page about trainings. */
import type { Example, PageContent, RiskCurve } from '../report/content.ts';
import { armAccuracy, differenceOf, hallucinationsOf } from '../report/from-results.ts';
import type { TrainingCurve } from '../report/training-curve.ts';
import { points, signed } from '../report/words.ts';
import type { Measures, PairedTest } from '../results.ts';

export const BEFORE = 'base';
export const AFTER = 'GRPO';

/** A warning that the page shows above the numbers. */
export const CAUTION =
  'The photos are drawings of a generated world, and the model is about five thousand times smaller than the usual ones: these numbers show what the method does here, and say nothing about real photos or real models.';

export type StartFindings = {
  /** Measures on localizable held-out photos, before and after training. */
  readonly before: Measures;
  readonly after: Measures;
  /** Tests of the difference between before and after, one per distance threshold. */
  readonly tests: readonly PairedTest[];
  /**
   * Measures of several answers per photo on the same photos. The answers are sampled at the temperature of training.
   */
  readonly drawn: { readonly before: Measures; readonly after: Measures; readonly city: PairedTest };
  /** Risk curves over all held-out photos. Empty if there is no judge. */
  readonly risk: readonly RiskCurve[];
  readonly curve: TrainingCurve;
  readonly examples: readonly Example[];
  /** Number of training photos. */
  readonly trainingPhotos: number;
  readonly batchSize: number;
  readonly groupSize: number;
  /** True if training used the visual grounding reward. */
  readonly groundingReward: boolean;
  readonly protocol: PageContent['protocol'];
};

const BENCHMARK = 'Held-out photos that can be placed';

export function startContent(findings: StartFindings): PageContent {
  const { before, after, tests, drawn, curve, trainingPhotos, batchSize, groupSize, groundingReward } = findings;
  const { n } = before;
  const arms = [
    { arm: BEFORE, measures: before, runs: 1, groundingReward: null },
    { arm: AFTER, measures: after, runs: 1, groundingReward },
  ];
  const difference = differenceOf(tests, { first: BEFORE, second: AFTER, benchmark: BENCHMARK });
  const hallucinations = arms.flatMap(hallucinationsOf);
  return {
    title: 'A small model learns to place photos by reasoning about them',
    summary: [
      `Reinforcement learning (GRPO) trained a small vision-language model, pretrained on captions by careless annotators, on ${trainingPhotos} verified photos, for ${curve.steps.length} steps of ${batchSize} photos with ${groupSize} answers each.`,
      'The reward is high for the right place, for naming only things in the photo, and for the requested format; the model never saw a right answer.',
      `Before and after, it answered the same ${n} held-out photos.`,
    ],
    caution: CAUTION,
    headlines: [
      {
        value: `${cityLevel(before)} → ${cityLevel(after)} %`,
        label: `of ${n} held-out photos within 25 km, before and after, with greedy answers`,
      },
      ...difference.thresholds
        .filter(({ thresholdKm }) => thresholdKm === 25)
        .map(({ differencePoints, low, high }) => ({
          value: `${signed(differencePoints)} points`,
          label: `at city level (95 % interval ${signed(low)} to ${signed(high)})`,
        })),
      {
        value: `${cityLevel(drawn.before)} → ${cityLevel(drawn.after)} %`,
        label: `within 25 km, with answers sampled as in training: ${drawnWords(drawn.city)}`,
      },
      ...(hallucinations.length < 2
        ? []
        : [
            {
              value: hallucinations.map(({ notShown }) => notShown.value.toFixed(2)).join(' → '),
              label: 'named things per reasoning that the photo does not show',
            },
          ]),
    ],
    arms: [BEFORE, AFTER],
    benchmarks: [
      {
        name: BENCHMARK,
        description: `${n} photos of the test split that show something of their country; some of their cities occur in no training photo.`,
        arms: arms.map(armAccuracy),
      },
    ],
    differences: [difference],
    training: [curve],
    risk: findings.risk,
    hallucinations,
    examples: findings.examples,
    tables: [],
    protocol: findings.protocol,
  };
}

/** Formats a difference with its interval: "+2.3 points (95 % interval +0.4 to +4.1)". */
const drawnWords = ({ difference, low, high }: PairedTest): string =>
  `${signed(100 * difference)} points (95 % interval ${signed(100 * low)} to ${signed(100 * high)})`;

/** Formats the percentage of photos within 25 km. */
export function cityLevel({ accuracy }: Measures): string {
  return points(accuracy.find(({ thresholdKm }) => thresholdKm === 25)!.value);
}
