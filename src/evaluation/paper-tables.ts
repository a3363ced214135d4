/**
 * The published numbers of the GLOBE paper: Tables 1 to 5 of "Recognition through Reasoning" (arXiv 2506.14674, NeurIPS
 * 2025). Accuracies are the percentage of predictions within 1, 25, 200, 750 and 2500 km. The paper geocodes the
 * predicted "city, country" with Microsoft Azure Maps. Reports show these numbers beside our own, under separate
 * headings.
 */

/** Percentage of predictions within 1, 25, 200, 750 and 2500 km. */
export type PaperAccuracy = readonly [number, number, number, number, number];

export const PAPER_SOURCE = 'Recognition through Reasoning, arXiv 2506.14674 (NeurIPS 2025)';

export const PAPER_PROTOCOL =
  'as published: predicted "city, country" geocoded with Microsoft Azure Maps; prompts differ between methods';

/** The groups of methods in Table 2. */
export const PAPER_GROUPS = {
  I: 'Image-only supervision',
  II: 'Open- and closed-source LVLMs',
  III: 'Task-specific reasoning supervision',
} as const;

export type PaperBenchmark = 'mp16-reason-test' | 'im2gps3k';

export type Table2Row = {
  readonly group: keyof typeof PAPER_GROUPS;
  readonly method: string;
  readonly trainingData: string | null;
  readonly trainingSize: string | null;
  /** Accuracy on each benchmark; null if the paper has no number. */
  readonly accuracy: Readonly<Record<PaperBenchmark, PaperAccuracy | null>>;
  /** True if the method's training data overlaps with MP16-Reason-Test. */
  readonly trainTestOverlap: boolean;
  /** True if the model is not publicly available. */
  readonly notPublic: boolean;
};

export const TABLE_1 = {
  columns: ['samples', 'countries', 'cities', 'indoor', 'natural', 'urban'],
  rows: {
    'MP16-Reason-Train': [33721, 134, 1944, 5393, 2077, 26251],
    'MP16-Reason-Test': [12000, 145, 3012, 2096, 1092, 8812],
  },
} as const;

export const TABLE_2: readonly Table2Row[] = [
  {
    group: 'I',
    method: 'ISNs',
    trainingData: 'MP-16',
    trainingSize: '4M',
    accuracy: { 'mp16-reason-test': [26.24, 47.38, 55.88, 68.48, 80.92], im2gps3k: [10.5, 28.0, 36.6, 49.7, 66.0] },
    trainTestOverlap: true,
    notPublic: false,
  },
  {
    group: 'I',
    method: 'GeoCLIP',
    trainingData: 'MP-16',
    trainingSize: '4M',
    accuracy: {
      'mp16-reason-test': [29.28, 52.52, 66.85, 84.07, 93.33],
      im2gps3k: [14.11, 34.47, 50.65, 69.67, 83.82],
    },
    trainTestOverlap: true,
    notPublic: false,
  },
  {
    group: 'I',
    method: 'Translocator',
    trainingData: 'MP-16',
    trainingSize: '4M',
    accuracy: { 'mp16-reason-test': null, im2gps3k: [11.8, 31.1, 46.7, 58.9, 80.1] },
    trainTestOverlap: false,
    notPublic: true,
  },
  {
    group: 'I',
    method: 'PIGEOTTO',
    trainingData: 'MP-16',
    trainingSize: '4M',
    accuracy: { 'mp16-reason-test': null, im2gps3k: [11.3, 36.7, 53.8, 72.4, 85.3] },
    trainTestOverlap: false,
    notPublic: true,
  },
  {
    group: 'I',
    method: 'G3 (GPT4V)',
    trainingData: 'MP-16',
    trainingSize: '4M',
    accuracy: { 'mp16-reason-test': null, im2gps3k: [16.65, 40.94, 55.56, 71.24, 84.68] },
    trainTestOverlap: false,
    notPublic: true,
  },
  {
    group: 'I',
    method: 'Hybrid',
    trainingData: 'OSV-5M',
    trainingSize: '5M',
    accuracy: { 'mp16-reason-test': [0.97, 16.53, 28.72, 50.31, 71.47], im2gps3k: [0.83, 13.28, 25.33, 43.84, 65.63] },
    trainTestOverlap: false,
    notPublic: false,
  },
  {
    group: 'I',
    method: 'RFM-YFCC',
    trainingData: 'Flickr',
    trainingSize: '48M',
    accuracy: { 'mp16-reason-test': [11.72, 46.64, 60.46, 77.97, 91.96], im2gps3k: [5.41, 29.7, 44.71, 61.83, 79.55] },
    trainTestOverlap: false,
    notPublic: false,
  },
  {
    group: 'II',
    method: 'Qwen2.5-VL-7B',
    trainingData: null,
    trainingSize: null,
    accuracy: { 'mp16-reason-test': [15.42, 52.72, 62.86, 75.11, 83.47], im2gps3k: [8.58, 32.53, 43.11, 58.93, 72.37] },
    trainTestOverlap: false,
    notPublic: false,
  },
  {
    group: 'II',
    method: 'InternVL3-8B',
    trainingData: null,
    trainingSize: null,
    accuracy: { 'mp16-reason-test': [12.01, 44.17, 55.66, 75.36, 86.98], im2gps3k: [6.44, 25.69, 34.57, 49.38, 61.66] },
    trainTestOverlap: false,
    notPublic: false,
  },
  {
    group: 'II',
    method: 'Gemma3-27B',
    trainingData: null,
    trainingSize: null,
    accuracy: { 'mp16-reason-test': [16.03, 55.63, 68.07, 82.59, 91.29], im2gps3k: [8.48, 33.37, 46.61, 63.63, 79.95] },
    trainTestOverlap: false,
    notPublic: false,
  },
  {
    group: 'II',
    method: 'InternVL3-78B',
    trainingData: null,
    trainingSize: null,
    accuracy: { 'mp16-reason-test': [14.72, 52.46, 65.25, 81.73, 91.17], im2gps3k: [8.93, 35.05, 47.32, 64.03, 78.64] },
    trainTestOverlap: false,
    notPublic: false,
  },
  {
    group: 'II',
    method: 'Qwen2.5-VL-72B',
    trainingData: null,
    trainingSize: null,
    accuracy: { 'mp16-reason-test': [17.52, 59.3, 71.01, 84.06, 91.65], im2gps3k: [9.11, 35.77, 48.35, 64.96, 78.88] },
    trainTestOverlap: false,
    notPublic: false,
  },
  {
    group: 'II',
    method: 'Doubao1.5-VL',
    trainingData: null,
    trainingSize: null,
    accuracy: { 'mp16-reason-test': [18.89, 64.02, 76.55, 88.33, 93.44], im2gps3k: [11.61, 46.21, 60.6, 75.04, 85.09] },
    trainTestOverlap: false,
    notPublic: true,
  },
  {
    group: 'II',
    method: 'GPT-4.1',
    trainingData: null,
    trainingSize: null,
    accuracy: { 'mp16-reason-test': [20.05, 66.76, 79.7, 89.84, 94.53], im2gps3k: [12.11, 46.85, 60.36, 74.41, 85.25] },
    trainTestOverlap: false,
    notPublic: true,
  },
  {
    group: 'III',
    method: 'GeoReasoner-7B',
    trainingData: 'GSV',
    trainingSize: '133K',
    accuracy: { 'mp16-reason-test': [10.06, 40.44, 50.91, 68.01, 79.68], im2gps3k: [7.67, 26.94, 36.63, 52.27, 65.39] },
    trainTestOverlap: false,
    notPublic: false,
  },
  {
    group: 'III',
    method: 'GaGA',
    trainingData: 'MG-Geo',
    trainingSize: '5M',
    accuracy: { 'mp16-reason-test': null, im2gps3k: [11.7, 33.0, 48.0, 67.1, 82.1] },
    trainTestOverlap: false,
    notPublic: true,
  },
  {
    group: 'III',
    method: 'GLOBE-7B',
    trainingData: 'MP16-Reason',
    trainingSize: '33K',
    accuracy: { 'mp16-reason-test': [17.99, 62.85, 73.83, 86.68, 92.52], im2gps3k: [9.84, 40.18, 56.19, 71.45, 82.38] },
    trainTestOverlap: false,
    notPublic: false,
  },
];

export type Table3Row = {
  readonly model: string;
  readonly cot: boolean;
  readonly sft: boolean;
  /**
   * Rewards used in training: localizability (loc), visual grounding consistency (vgc), geo-localization accuracy (ga).
   */
  readonly rewards: readonly ('loc' | 'vgc' | 'ga')[];
  readonly accuracy: PaperAccuracy;
};

/** Table 3: combinations of rewards, with Qwen2.5-VL-7B on MP16-Reason-Test. */
export const TABLE_3: readonly Table3Row[] = [
  { model: 'Qwen2.5-VL-7B', cot: false, sft: false, rewards: [], accuracy: [14.37, 51.11, 61.29, 73.67, 82.46] },
  { model: 'Qwen2.5-VL-7B', cot: true, sft: false, rewards: [], accuracy: [15.42, 52.72, 62.86, 75.11, 83.47] },
  { model: 'Qwen2.5-VL-7B SFT', cot: true, sft: true, rewards: [], accuracy: [16.38, 56.76, 70.21, 83.82, 90.75] },
  { model: 'GLOBE w/o Loc&GA', cot: true, sft: false, rewards: ['vgc'], accuracy: [17.01, 59.36, 71.77, 84.44, 91.76] },
  { model: 'GLOBE w/o Loc&VGC', cot: true, sft: false, rewards: ['ga'], accuracy: [17.24, 59.24, 71.93, 84.69, 91.54] },
  {
    model: 'GLOBE w/o Loc',
    cot: true,
    sft: false,
    rewards: ['vgc', 'ga'],
    accuracy: [17.5, 59.58, 71.23, 84.06, 91.23],
  },
  {
    model: 'GLOBE w/o VGC',
    cot: true,
    sft: false,
    rewards: ['loc', 'ga'],
    accuracy: [17.52, 59.83, 72.22, 84.72, 91.12],
  },
  {
    model: 'GLOBE w/o GA',
    cot: true,
    sft: false,
    rewards: ['loc', 'vgc'],
    accuracy: [17.44, 59.53, 71.41, 84.33, 91.18],
  },
  {
    model: 'GLOBE',
    cot: true,
    sft: false,
    rewards: ['loc', 'vgc', 'ga'],
    accuracy: [17.99, 62.85, 73.83, 86.68, 92.52],
  },
];

export type Table4Row = {
  readonly backbone: string;
  readonly strategy: 'baseline' | 'sft' | 'grpo';
  readonly accuracy: PaperAccuracy;
};

/** Table 4: backbone models on MP16-Reason-Test. */
export const TABLE_4: readonly Table4Row[] = [
  { backbone: 'InternVL3-8B', strategy: 'baseline', accuracy: [12.01, 44.17, 55.66, 75.36, 86.98] },
  { backbone: 'InternVL3-8B', strategy: 'sft', accuracy: [12.41, 44.68, 56.37, 75.2, 86.32] },
  { backbone: 'InternVL3-8B', strategy: 'grpo', accuracy: [17.47, 60.09, 72.41, 85.02, 91.92] },
  { backbone: 'Qwen2.5-VL-7B', strategy: 'baseline', accuracy: [15.42, 52.72, 62.86, 75.11, 83.47] },
  { backbone: 'Qwen2.5-VL-7B', strategy: 'sft', accuracy: [16.38, 56.76, 70.21, 83.82, 90.75] },
  { backbone: 'Qwen2.5-VL-7B', strategy: 'grpo', accuracy: [17.99, 62.85, 73.83, 86.68, 92.52] },
];

export type Table5Row = {
  readonly curation: 'baseline' | 'random-sampling' | 'single-source' | 'multi-source';
  readonly strategy: 'none' | 'sft' | 'grpo';
  readonly accuracy: PaperAccuracy;
};

/** Table 5: methods of data curation, with Qwen2.5-VL-7B on MP16-Reason-Test. */
export const TABLE_5: readonly Table5Row[] = [
  { curation: 'baseline', strategy: 'none', accuracy: [15.42, 52.72, 62.86, 75.11, 83.47] },
  { curation: 'random-sampling', strategy: 'sft', accuracy: [15.23, 52.0, 64.56, 78.17, 85.23] },
  { curation: 'random-sampling', strategy: 'grpo', accuracy: [17.26, 59.22, 71.8, 84.73, 91.26] },
  { curation: 'single-source', strategy: 'sft', accuracy: [15.22, 52.47, 65.09, 78.79, 86.15] },
  { curation: 'single-source', strategy: 'grpo', accuracy: [17.37, 59.45, 71.88, 84.74, 91.24] },
  { curation: 'multi-source', strategy: 'sft', accuracy: [16.38, 56.76, 70.21, 83.82, 90.75] },
  { curation: 'multi-source', strategy: 'grpo', accuracy: [17.99, 62.85, 73.83, 86.68, 92.52] },
];
