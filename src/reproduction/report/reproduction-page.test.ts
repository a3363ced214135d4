import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { THRESHOLDS_KM } from '../../evaluation/thresholds.ts';
import type { TestPhoto } from '../evaluate-arm.ts';
import type { AccuracyTable, ArmRow, Estimate, Measures, PredictionLine, StatisticsTable } from '../results.ts';
import { reproductionPage } from './reproduction-page.ts';

const estimate = (value: number): Estimate => ({
  value,
  low: value - 0.04,
  high: value + 0.04,
  perSeed: [value, value],
});

function measures(n: number, share: number): Measures {
  return {
    n,
    accuracy: THRESHOLDS_KM.map((thresholdKm, i) => ({ thresholdKm, ...estimate(share + 0.1 * i) })),
    countryMatch: estimate(0.5),
    cityMatch: estimate(0.2),
    outcomes: { located: n, refused: 0, unparseable: 0, notGeocodable: 0, failed: 0 },
    reasoning: { entities: estimate(4), hallucinated: estimate(1 - share) },
    riskCoverage: {
      thresholdKm: 25,
      confidence: 'the judge of localizability',
      points: [0.25, 0.5, 0.75, 1].map((coverage) => ({ coverage, risk: coverage * (1 - share) })),
      area: 0.3,
      areaOfChance: 0.5,
      areaOfOracle: 0.1,
    },
  };
}

const row = (arm: string, label: string, { share, seeds }: { share: number; seeds: number[] }): ArmRow => ({
  arm,
  label,
  runs: (seeds.length === 0 ? [null] : seeds).map((seed) => ({
    seed,
    ...(seed !== null && { training: `${arm}-seed-${seed}` }),
    evaluation: `evaluation-${arm}${seed === null ? '' : `-seed-${seed}`}`,
    evaluationSeconds: 1,
  })),
  measures: { localizable: measures(80, share), all: measures(100, share - 0.05) },
  wallSeconds: 10,
  notes: [],
});

const BASE = row('base-vit', 'Base (vit)', { share: 0.2, seeds: [] });
const GLOBE = row('grpo-vit-full-loc-vgc-ga', 'GRPO, loc + vgc + ga (vit)', { share: 0.4, seeds: [1, 2] });
const NO_GROUNDING = row('grpo-vit-full-ga', 'GRPO, ga (vit)', { share: 0.3, seeds: [1, 2] });

let runsFolder: string;

beforeAll(async () => {
  runsFolder = await mkdtemp(join(tmpdir(), 'globe-page-'));
  for (const { runs } of [BASE, GLOBE, NO_GROUNDING]) {
    for (const { training, evaluation } of runs) {
      await mkdir(join(runsFolder, evaluation));
      await writeFile(join(runsFolder, evaluation, 'predictions.jsonl'), `${JSON.stringify(LINE)}\n`);
      if (training === undefined) continue;
      await mkdir(join(runsFolder, training));
      const lines = [0, 1, 2].map((step) => ({
        step,
        reward: 1 + step / 10,
        statistics: { components: { accuracy: { mean: 0.3 + step / 10 }, visual: { mean: null } } },
      }));
      const times = lines.map(({ step }) => ({ step, sampleMs: 500, rewardMs: 100, referenceMs: 80, updateMs: 400 }));
      const text = (records: readonly unknown[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join('');
      await writeFile(join(runsFolder, training, 'metrics.jsonl'), text(lines));
      await writeFile(join(runsFolder, training, 'times.jsonl'), text(times));
      await writeFile(join(runsFolder, training, 'evaluations.jsonl'), '');
    }
  }
});
afterAll(() => rm(runsFolder, { recursive: true }));

const LINE: PredictionLine = {
  id: 'a.png',
  completion: '<think>A canal and a palm tree.</think><answer>country: Netherlands\ncity: Amsterdam</answer>',
  outcome: 'located',
  distanceKm: 2,
  countryMatch: true,
  cityMatch: true,
  entities: [
    { text: 'canal', shown: true },
    { text: 'palm tree', shown: false },
  ],
  localizable: true,
  owner: 'o1',
  truth: { country: 'Netherlands', city: 'Amsterdam' },
};

const PHOTO = {
  localizable: true,
  example: {
    id: 'a.png',
    image: { bytes: new Uint8Array([1]), mediaType: 'image/png', widthPixels: 1, heightPixels: 1, sha256: '' },
    truth: { country: 'Netherlands', city: 'Amsterdam' },
  },
} as TestPhoto;

const common = () => ({
  scale: 'miniature' as const,
  caution: 'Measured on drawings.',
  protocol: [{ label: 'Photos', text: 'held out' }],
  machines: [{ machine: { platform: 'linux', cpu: 'some', cores: 2, memoryGiB: 8, node: 'v24' }, units: 1 }],
  versions: {},
  runsFolder,
  wallSeconds: 1,
});

const table3 = (): AccuracyTable => ({
  ...common(),
  kind: 'accuracy',
  benchmarks: ['localizable'],
  table: 'table3',
  title: 'Reward components',
  rows: [NO_GROUNDING, BASE, GLOBE],
  tests: [
    {
      a: 'base-vit',
      b: GLOBE.arm,
      benchmark: 'localizable',
      measure: { kind: 'accuracy', thresholdKm: 25 },
      question: 'Is GRPO with all rewards better than its base?',
      difference: 0.2,
      low: 0.12,
      high: 0.28,
      p: 0.0002,
      pAdjusted: 0.002,
      n: 80,
      seeds: { a: 1, b: 2 },
      mcnemar: [],
    },
  ],
  paper: {
    source: 'the paper',
    protocol: 'theirs',
    rows: [{ label: 'GLOBE', accuracyPercent: { 'MP16-Reason-Test': [17.99, 62.85, 73.83, 86.68, 92.52] } }],
  },
});

const table1 = (): StatisticsTable => ({
  ...common(),
  kind: 'statistics',
  table: 'table1',
  title: 'Statistics',
  rows: [
    {
      set: 'full',
      label: 'Curated, full',
      split: 'train',
      statistics: {
        samples: 1234,
        countries: 50,
        cities: 150,
        scenes: { indoor: 200, natural: 100, urban: 934 },
        withScene: 1234,
      },
      folder: 'curated-full',
      wallSeconds: 1,
      notes: [],
    },
  ],
  paper: {
    source: 'the paper',
    columns: ['samples', 'countries', 'cities', 'indoor', 'natural', 'urban'],
    rows: [{ label: 'MP16-Reason-Train', values: [33721, 134, 1944, 5393, 2077, 26251] }],
  },
});

describe('the page of a reproduction', () => {
  it('shows every table beside the paper’s, with its tests', async () => {
    const page = await reproductionPage([table1(), table3()], [PHOTO]);
    expect(page).toContain('Tables 1, 3 of the paper');
    expect(page).toContain('<td>1,234</td>');
    expect(page).toContain('<tr class="published"><th scope="row">MP16-Reason-Train</th><td>33,721</td>');
    expect(page).toContain('<td>62.9</td>');
    expect(page).toContain('Is GRPO with all rewards better than its base?');
    expect(page).toContain('<strong class="gain">yes</strong>');
    expect(page).toContain('+20.0 <span class="unit">+12.0 to +28.0</span>');
    expect(page).toContain('p = 0.002');
  });

  it('does not report a difference that is not significant after correction', async () => {
    const table = table3();
    const page = await reproductionPage([{ ...table, tests: [{ ...table.tests[0]!, pAdjusted: 0.06 }] }], [PHOTO]);
    expect(page).toContain('<td><strong>not shown</strong></td>');
    expect(page).not.toContain('<strong class="gain">yes</strong>');
  });

  it('shows curves, rewards against accuracy, risk, hallucinations and examples of its runs', async () => {
    const page = await reproductionPage([table3()], [PHOTO]);
    for (const part of ['learning', 'reward-accuracy', 'risk-coverage', 'hallucinations', 'examples', 'step']) {
      expect(page).toContain(`<section id="${part}">`);
    }
    expect(page).toContain('GRPO, ga (vit) (without grounding reward)');
    expect(page).toContain('GRPO, loc + vgc + ga (vit) (with grounding reward)');
    expect(page).toContain('not in the photo: palm tree');
    expect(page).toContain('+20.0 points');
    expect(page).toContain('30.0 → 50.0 % (95 % interval +12.0 to +28.0)');
  });

  it('needs no photos for statistics', async () => {
    const page = await reproductionPage([table1()], []);
    expect(page).toContain('Table 1 of the paper');
    expect(page).not.toContain('<section id="accuracy">');
  });
});
