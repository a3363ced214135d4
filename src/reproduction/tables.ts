/** The content of the paper's Tables 2 to 5: rows, questions to test, and the paper's own rows. */
import { PAPER_GROUPS, type PaperAccuracy, TABLE_2, TABLE_3, TABLE_4, TABLE_5 } from '../evaluation/paper-tables.ts';
import { MODES } from '../curation/recipe/recipe.ts';
import type { Mode } from '../curation/recipe/recipe.ts';
import { type Arm, armName, base, direct, doseWords, DOSES, grpo, type RewardName, sft } from './arms.ts';
import type { BenchmarkName, PaperRow, TableName, TestedMeasure } from './results.ts';

export type TableArm = {
  readonly arm: Arm;
  readonly group?: string;
  readonly notes?: readonly string[];
  /** Label of the corresponding row in the paper. */
  readonly paper?: string;
};

export type TableTest = {
  readonly a: Arm;
  readonly b: Arm;
  readonly question: string;
  readonly measure?: TestedMeasure;
  readonly benchmark?: BenchmarkName;
};

export type AccuracyTableName = Exclude<TableName, 'table1'>;

export type TableContent = {
  readonly title: string;
  readonly arms: readonly TableArm[];
  readonly tests: readonly TableTest[];
  /** The paper's rows. Absent if the paper has no corresponding table. */
  readonly paper?: readonly PaperRow[];
  /** Benchmarks, in the order of the paper's columns. */
  readonly benchmarks: readonly BenchmarkName[];
};

const NOTES = {
  vit: 'Replaces the paper’s Qwen2.5-VL-7B: a model of under two million weights, pretrained on noisy captions.',
  mixer: 'Replaces the paper’s InternVL3-8B: it has another encoder, other norms, activation and positions.',
  annotator: 'Simulated: it knows the scene and errs at chosen rates, so the row shows the teachers, not a method.',
} as const;

const HALLUCINATED: TestedMeasure = { kind: 'hallucinated' };

const BASE = base('vit');
const SFT = sft('vit');
const GLOBE = grpo('vit');
const withRewards = (...rewards: readonly RewardName[]): Arm => grpo('vit', { rewards });

const onTest = (accuracy: PaperAccuracy): PaperRow['accuracyPercent'] => ({ 'MP16-Reason-Test': accuracy });

const table2: TableContent = {
  title: 'Families of methods on both benchmarks',
  benchmarks: ['localizable', 'all'],
  arms: [
    { arm: { kind: 'family', family: 'geocell' }, group: PAPER_GROUPS.I, paper: 'ISNs' },
    { arm: { kind: 'family', family: 'retriever' }, group: PAPER_GROUPS.I, paper: 'GeoCLIP' },
    {
      arm: { kind: 'gps' },
      group: PAPER_GROUPS.I,
      notes: ['Simulated: the curation uses it in place of GeoCLIP, but it does not measure GeoCLIP.'],
    },
    { arm: base('mixer'), group: PAPER_GROUPS.II, notes: [NOTES.mixer], paper: 'InternVL3-8B' },
    { arm: BASE, group: PAPER_GROUPS.II, notes: [NOTES.vit], paper: 'Qwen2.5-VL-7B' },
    {
      arm: { kind: 'annotator', profile: 'bold' },
      group: PAPER_GROUPS.II,
      notes: [NOTES.annotator],
      paper: 'InternVL3-78B',
    },
    {
      arm: { kind: 'annotator', profile: 'careful' },
      group: PAPER_GROUPS.II,
      notes: [NOTES.annotator],
      paper: 'Qwen2.5-VL-72B',
    },
    { arm: SFT, group: PAPER_GROUPS.III },
    { arm: GLOBE, group: PAPER_GROUPS.III, paper: 'GLOBE-7B' },
  ],
  tests: (['localizable', 'all'] as const).flatMap((benchmark): TableTest[] => [
    { a: BASE, b: GLOBE, question: 'Is GRPO with all rewards better than its base?', benchmark },
    { a: SFT, b: GLOBE, question: 'Is GRPO with all rewards better than SFT on the same images?', benchmark },
    {
      a: { kind: 'family', family: 'geocell' },
      b: GLOBE,
      question: 'Is it better than a geocell classifier?',
      benchmark,
    },
    { a: { kind: 'family', family: 'retriever' }, b: GLOBE, question: 'Is it better than a retriever?', benchmark },
    {
      a: { kind: 'annotator', profile: 'careful' },
      b: GLOBE,
      question: 'Does it reach its careful teacher?',
      benchmark,
    },
    { a: { kind: 'annotator', profile: 'bold' }, b: GLOBE, question: 'Does it reach its bold teacher?', benchmark },
  ]),
  paper: TABLE_2.map(({ method, accuracy }) => ({
    label: method,
    accuracyPercent: { 'MP16-Reason-Test': accuracy['mp16-reason-test'], IM2GPS3K: accuracy.im2gps3k },
  })),
};

const REWARD_SETS: readonly (readonly RewardName[])[] = [
  ['vgc'],
  ['ga'],
  ['vgc', 'ga'],
  ['loc', 'ga'],
  ['loc', 'vgc'],
  ['loc', 'vgc', 'ga'],
];

const table3: TableContent = {
  title: 'Reward components',
  benchmarks: ['localizable'],
  arms: [
    {
      arm: direct('vit'),
      notes: [
        'The prompt requests only the two answer lines. Unlike the paper’s models, the base was never trained on it: the row shows the effect of the prompt on this base, not the value of reasoning.',
      ],
      paper: 'Qwen2.5-VL-7B, without reasoning',
    },
    { arm: BASE, notes: [NOTES.vit], paper: 'Qwen2.5-VL-7B' },
    { arm: SFT, paper: 'Qwen2.5-VL-7B SFT' },
    ...REWARD_SETS.map((rewards) => ({ arm: withRewards(...rewards), paper: paperRewardLabel(rewards) })),
  ],
  tests: [
    { a: direct('vit'), b: BASE, question: 'Is the base better when it reasons?' },
    { a: BASE, b: SFT, question: 'Is SFT better than its base?' },
    ...REWARD_SETS.flatMap((rewards): TableTest[] => [
      { a: BASE, b: withRewards(...rewards), question: `Is GRPO with ${rewards.join(' + ')} better than its base?` },
      { a: SFT, b: withRewards(...rewards), question: `Is GRPO with ${rewards.join(' + ')} better than SFT?` },
    ]),
    added('loc', ['ga']),
    added('loc', ['vgc']),
    added('loc', ['vgc', 'ga']),
    added('vgc', ['ga']),
    added('vgc', ['loc', 'ga']),
    added('ga', ['vgc']),
    added('ga', ['loc', 'vgc']),
    { a: BASE, b: SFT, measure: HALLUCINATED, question: 'Does SFT invent fewer things than its base?' },
    {
      a: BASE,
      b: GLOBE,
      measure: HALLUCINATED,
      question: 'Does GRPO with all rewards invent fewer things than its base?',
    },
    { ...added('vgc', ['ga']), measure: HALLUCINATED, question: 'Does vgc beside ga make it invent fewer things?' },
    {
      ...added('vgc', ['loc', 'ga']),
      measure: HALLUCINATED,
      question: 'Does vgc beside loc + ga make it invent fewer things?',
    },
  ],
  paper: TABLE_3.map(({ model, cot, accuracy }) => ({
    label: cot ? model : `${model}, without reasoning`,
    accuracyPercent: onTest(accuracy),
  })),
};

/** Tests what one reward adds to others: compares the reward set of all of them with the set without this reward. */
function added(reward: RewardName, others: readonly RewardName[]): TableTest {
  const both = REWARD_SETS.find(
    (set) => set.length === others.length + 1 && [reward, ...others].every((name) => set.includes(name)),
  )!;
  return {
    a: withRewards(...others),
    b: withRewards(...both),
    question: `Does ${reward} add to ${others.join(' + ')}?`,
  };
}

function paperRewardLabel(rewards: readonly RewardName[]): string {
  const row = TABLE_3.find(
    ({ rewards: theirs }) => theirs.length === rewards.length && rewards.every((name) => theirs.includes(name)),
  );
  return row!.model;
}

const STRATEGIES = { baseline: 'baseline', sft: 'SFT', grpo: 'GRPO', none: 'baseline' } as const;

const table4: TableContent = {
  title: 'Backbones',
  benchmarks: ['localizable'],
  arms: (['mixer', 'vit'] as const).flatMap((backbone): TableArm[] => {
    const [group, theirs] = backbone === 'mixer' ? ['mixer', 'InternVL3-8B'] : ['vit', 'Qwen2.5-VL-7B'];
    return [
      { arm: base(backbone), group, notes: [NOTES[backbone]], paper: `${theirs}, baseline` },
      { arm: sft(backbone), group, paper: `${theirs}, SFT` },
      { arm: grpo(backbone), group, paper: `${theirs}, GRPO` },
    ];
  }),
  tests: (['mixer', 'vit'] as const).flatMap((backbone): TableTest[] => [
    { a: base(backbone), b: sft(backbone), question: `Is SFT better than its base (${backbone})?` },
    { a: base(backbone), b: grpo(backbone), question: `Is GRPO better than its base (${backbone})?` },
    { a: sft(backbone), b: grpo(backbone), question: `Is GRPO better than SFT (${backbone})?` },
  ]),
  paper: TABLE_4.map(({ backbone, strategy, accuracy }) => ({
    label: `${backbone}, ${STRATEGIES[strategy]}`,
    accuracyPercent: onTest(accuracy),
  })),
};

const SET_NAMES: Readonly<Record<Mode, string>> = {
  random: 'random-sampling',
  single: 'single-source',
  full: 'multi-source',
};

/**
 * Returns notes on a curated set. If a set was curated without a segmentation, the things that the annotator names
 * count as elements.
 */
const setNotes = (set: Mode): readonly string[] =>
  set === 'full'
    ? []
    : [
        'No segmentation verified this set: the things in the reasoning count as the photo’s elements, as in the release.',
      ];

const table5: TableContent = {
  title: 'Data curation',
  benchmarks: ['localizable'],
  arms: [
    { arm: BASE, group: 'no curation', notes: [NOTES.vit], paper: 'baseline, baseline' },
    ...MODES.flatMap((set): TableArm[] => [
      { arm: sft('vit', set), group: SET_NAMES[set], paper: `${SET_NAMES[set]}, SFT` },
      { arm: grpo('vit', { set }), group: SET_NAMES[set], notes: setNotes(set), paper: `${SET_NAMES[set]}, GRPO` },
    ]),
  ],
  tests: [
    ...MODES.flatMap((set): TableTest[] => [
      { a: BASE, b: sft('vit', set), question: `Is SFT on the ${SET_NAMES[set]} set better than its base?` },
      { a: BASE, b: grpo('vit', { set }), question: `Is GRPO on the ${SET_NAMES[set]} set better than its base?` },
      {
        a: sft('vit', set),
        b: grpo('vit', { set }),
        question: `Is GRPO better than SFT on the ${SET_NAMES[set]} set?`,
      },
    ]),
    ...(['random', 'single'] as const).flatMap((set): TableTest[] => [
      {
        a: sft('vit', set),
        b: SFT,
        question: `Is SFT better on the multi-source set than on the ${SET_NAMES[set]} set?`,
      },
      {
        a: grpo('vit', { set }),
        b: GLOBE,
        question: `Is GRPO better on the multi-source set than on the ${SET_NAMES[set]} set?`,
      },
    ]),
  ],
  paper: TABLE_5.map(({ curation, strategy, accuracy }) => ({
    label: `${curation}, ${STRATEGIES[strategy]}`,
    accuracyPercent: onTest(accuracy),
  })),
};

/** Numbers of training images for the variations. All must be lower than the plan's number. */
export const FEWER_IMAGES = [100, 200, 400] as const;

const variations: TableContent = {
  title: 'The comparison by number of images',
  benchmarks: ['localizable'],
  arms: [
    { arm: BASE, group: 'base', notes: [NOTES.vit] },
    ...FEWER_IMAGES.flatMap((images): TableArm[] => [
      { arm: sft('vit', 'full', images), group: `${images} images` },
      { arm: grpo('vit', { images }), group: `${images} images` },
    ]),
    { arm: SFT, group: 'all images' },
    { arm: GLOBE, group: 'all images' },
  ],
  tests: [
    ...FEWER_IMAGES.flatMap((images): TableTest[] => [
      { a: BASE, b: sft('vit', 'full', images), question: `Is SFT on ${images} images better than its base?` },
      { a: BASE, b: grpo('vit', { images }), question: `Is GRPO on ${images} images better than its base?` },
      {
        a: sft('vit', 'full', images),
        b: grpo('vit', { images }),
        question: `Is GRPO better than SFT on ${images} images?`,
      },
    ]),
    { a: SFT, b: GLOBE, question: 'Is GRPO better than SFT on all images?' },
  ],
};

const REASONING_DOSES = ['reasonings-15', 'reasonings-30', 'reasonings-45'] as const;
const PLACE_DOSES = ['places-15', 'places-30'] as const;

/**
 * Errors in the training set, on the same photos. GRPO does not read the reasoning texts of the set, so only wrong
 * places can affect it.
 */
const doses: TableContent = {
  title: 'Doses of wrong reasonings and of wrong places on the same photos',
  benchmarks: ['localizable'],
  arms: [
    { arm: BASE, group: 'no errors added', notes: [NOTES.vit] },
    { arm: SFT, group: 'no errors added' },
    {
      arm: GLOBE,
      group: 'no errors added',
      notes: ['Reads no reasoning: the same for every dose of wrong reasonings.'],
    },
    ...REASONING_DOSES.map((set): TableArm => ({ arm: sft('vit', set), group: 'wrong reasonings' })),
    ...PLACE_DOSES.flatMap((set): TableArm[] => [
      { arm: sft('vit', set), group: 'wrong places' },
      { arm: grpo('vit', { set }), group: 'wrong places' },
    ]),
  ],
  tests: [
    ...REASONING_DOSES.flatMap((set): TableTest[] => [
      { a: SFT, b: sft('vit', set), question: `Is SFT worse with ${doseWords(DOSES[set])}?` },
      { a: sft('vit', set), b: GLOBE, question: `Is GRPO better than SFT with ${doseWords(DOSES[set])}?` },
    ]),
    ...PLACE_DOSES.flatMap((set): TableTest[] => [
      { a: SFT, b: sft('vit', set), question: `Is SFT worse with ${doseWords(DOSES[set])}?` },
      { a: GLOBE, b: grpo('vit', { set }), question: `Is GRPO worse with ${doseWords(DOSES[set])}?` },
      {
        a: sft('vit', set),
        b: grpo('vit', { set }),
        question: `Is GRPO better than SFT with ${doseWords(DOSES[set])}?`,
      },
    ]),
  ],
};

const ACCURACY_ONLY = grpo('vit', { rewards: ['ga'] });

/** The registered comparison, with its three tests. Holm's correction covers exactly these three tests. */
const comparison: TableContent = {
  title: 'GRPO with all rewards against SFT, the base and the accuracy reward',
  benchmarks: ['localizable', 'all', 'tuned cities', 'untuned cities'],
  arms: [{ arm: BASE, notes: [NOTES.vit] }, { arm: SFT }, { arm: ACCURACY_ONLY }, { arm: GLOBE }],
  tests: [
    { a: SFT, b: GLOBE, question: 'Is GRPO with all rewards better than SFT on the same images?' },
    { a: BASE, b: GLOBE, question: 'Is GRPO with all rewards better than its base?' },
    { a: ACCURACY_ONLY, b: GLOBE, question: 'Do the two reasoning rewards add to the accuracy reward?' },
  ],
};

/** Returns true for the arms of the registered comparison. */
export const isRegistered = (arm: Arm): boolean => comparison.arms.some((one) => armName(one.arm) === armName(arm));

export const ACCURACY_TABLES: Readonly<Record<AccuracyTableName, TableContent>> = {
  table2,
  table3,
  table4,
  table5,
  doses,
  variations,
  registered: { ...comparison, title: `Registered comparison: ${comparison.title}` },
  pilot: { ...comparison, title: `Pilot on validation photos: ${comparison.title}` },
};

/** The measure at city level, which all accuracy tables test. */
export const CITY: TestedMeasure = { kind: 'accuracy', thresholdKm: 25 };
