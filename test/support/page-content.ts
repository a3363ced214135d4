/** Invented content for every part of the page about trainings. Tests use it, and people can view the page with it. */
import { random } from '../../src/core/random.ts';
import { proportion } from '../../src/core/statistics/index.ts';
import { THRESHOLDS_KM } from '../../src/evaluation/thresholds.ts';
import type { ArmAccuracy, PageContent, Thresholds } from '../../src/reproduction/report/content.ts';
import type { TrainingCurve } from '../../src/reproduction/report/training-curve.ts';

/** A red square of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

function accuracyOf(hits: readonly number[], n: number): Thresholds {
  const entries = THRESHOLDS_KM.map((km, i) => [km, proportion(Math.min(n, hits[i]!), n)!] as const);
  return Object.fromEntries(entries) as unknown as Thresholds;
}

const arm = (name: string, hits: readonly number[]): ArmAccuracy => ({
  arm: name,
  n: 600,
  runs: 3,
  accuracy: accuracyOf(hits, 600),
});

function curve(name: string, run: string): TrainingCurve {
  const generator = random(run.length + name.length);
  const noisy = (value: number): number => Math.min(1, Math.max(0, value + 0.16 * (generator.next() - 0.5)));
  const steps = Array.from({ length: 80 }, (_, step) => {
    const rise = 1 - Math.exp(-step / 30);
    const [accuracy, visual, format] = [noisy(0.3 + 0.35 * rise), noisy(0.55 + 0.3 * rise), noisy(0.97)];
    return {
      step,
      values: {
        accuracy,
        visual,
        format,
        reward: accuracy + 0.5 * visual + 0.5 * format,
        kl: 0.08 * rise * noisy(1),
        entropy: 0.9 - 0.4 * rise,
        completionTokens: 70 + 6 * noisy(0.5),
        loss: 0,
      },
    };
  });
  return {
    arm: name,
    run,
    steps,
    times: steps.map(() => ({ sampleMs: 900, rewardMs: 140, referenceMs: 310, updateMs: 620 })),
    evaluations: [0, 20, 40, 60, 80].map((step, i) => ({ step, ...proportion(200 + 28 * i, 600)! })),
  };
}

export function pageContent(arms: readonly string[] = ['base', 'SFT', 'GRPO']): PageContent {
  const trained = arms.slice(2);
  return {
    title: 'A small model learns to place photos',
    summary: [
      'A small model that had learnt from careless captions was trained by GRPO on 400 verified photos.',
      'It was then asked about 600 photos that it had never seen.',
      'More of them were placed.',
    ],
    caution:
      'These photos are drawings of a generated world: the numbers say nothing about real photos or real models.',
    headlines: [
      { value: '33.3 → 45.8 %', label: 'within 25 km, before and after' },
      { value: '+12.5', label: 'points gained, 95 %: +9.1 to +15.8' },
    ],
    arms,
    benchmarks: [
      {
        name: 'Localizable photos',
        description: 'Held-out photos that show something of their place.',
        arms: arms.map((name, i) => arm(name, [40 + 9 * i, 200 + 25 * i, 260 + 28 * i, 350 + 30 * i, 450 + 24 * i])),
      },
    ],
    differences: trained.map((second) => ({
      first: 'base',
      second,
      benchmark: 'Localizable photos',
      n: 600,
      thresholds: THRESHOLDS_KM.map((thresholdKm, i) => ({
        thresholdKm,
        differencePoints: 3 + 3 * i,
        low: i - 0.5,
        high: 6 + 4 * i,
        pAdjusted: 0.04 / 10 ** i,
      })),
    })),
    training: trained.flatMap((name) => [1, 2].map((seed) => curve(name, `${name}, seed ${seed}`))),
    risk: [arms[0]!, ...trained].map((name, i) => ({
      arm: name,
      n: 600,
      thresholdKm: 25,
      confidence: 'the judge of localizability',
      points: Array.from({ length: 50 }, (_, k) => ({
        coverage: (k + 1) / 50,
        risk: 0.1 + (0.5 * (k + 1)) / 50 / (i + 1),
      })),
      area: 0.35 / (i + 1),
      areaOfChance: 0.6 / (i + 1),
      areaOfOracle: 0.1,
    })),
    hallucinations: arms.map((name, i) => ({
      arm: name,
      groundingReward: i < 2 ? null : true,
      n: 600,
      named: { value: 5, low: 4.8, high: 5.2 },
      notShown: { value: 1.1 / (i + 1), low: 1 / (i + 1), high: 1.2 / (i + 1) },
    })),
    examples: [
      {
        id: 'a<b.png',
        image: { bytes: PIXEL, mediaType: 'image/png' },
        truth: 'Prague, Czechia',
        answers: [
          {
            arm: 'base',
            reasoning: 'I see a palm tree and a blue sign, so this might be Lisbon.',
            place: 'Lisbon, Portugal',
            distanceKm: 2230,
            hallucinated: ['palm tree'],
          },
          {
            arm: 'GRPO',
            reasoning: 'The number plate is white with a blue band & the sign says "ulice".',
            place: 'Prague, Czechia',
            distanceKm: 3.2,
            hallucinated: [],
          },
        ],
      },
    ],
    tables: [
      {
        title: 'Table 3: what each reward adds',
        question: 'Does each of the three rewards help, and do all of them together help most?',
        unit: 'share',
        columns: THRESHOLDS_KM.map((km) => `${km} km`),
        measured: arms.map((label, i) => ({
          label,
          note: '3 seeds, n = 600',
          cells: THRESHOLDS_KM.map((_, k) => proportion(60 + 25 * i + 60 * k, 600)!),
        })),
        published: [
          { label: 'Qwen2.5-VL-7B', cells: [0.1542, 0.5272, 0.6286, 0.7511, 0.8347].map((value) => ({ value })) },
          { label: 'GLOBE', cells: [0.1799, 0.6285, 0.7383, 0.8668, 0.9252].map((value) => ({ value })) },
        ],
        findings: [
          {
            question: 'Is GRPO better than its base?',
            compared: 'GRPO minus base, within 25 km',
            difference: { value: 0.083, low: 0.041, high: 0.125 },
            unit: 'points',
            pAdjusted: 0.002,
          },
          {
            question: 'Does it invent fewer things?',
            compared: 'GRPO minus base, things per reasoning',
            difference: { value: -0.02, low: -0.1, high: 0.06 },
            unit: 'things',
            pAdjusted: 0.7,
          },
        ],
      },
    ],
    protocol: [{ label: 'World', text: 'generated, seed 21, 2,400 scenes' }],
  };
}
