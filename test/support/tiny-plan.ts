/**
 * The plan of a reproduction that takes only seconds: it has few scenes, tiny models, and one or two training steps.
 */
const base = {
  model: { size: 'small', vocabularySize: 400 },
  annotators: [{ model: 'careful' }],
  trainImages: 40,
  batchSize: 4,
  epochs: 0.1,
  learningRate: 1e-3,
};
const tower = { model: { size: 'small' }, batchSize: 8, epochs: 0.2, evaluateEvery: 0 };
const family = { batchSize: 8, epochs: 0.1, learningRate: 1e-3, trainImages: 60 };
const sft = { batchSize: 2, epochs: 0.5, learningRate: 1e-3, checkpointEvery: 1 };
const grpo = { batchSize: 2, groupSize: 2, epochs: 0.5, learningRate: 1e-3, checkpointEvery: 1 };
const annotators = ['careful', 'bold'].map((model) => ({ model }));

export const TINY_PLAN = {
  description: 'For tests.',
  worlds: {
    pretraining: { scenes: 120, seed: 11, pixels: 32, unseen: { cities: 0, seed: 1 } },
    pool: { scenes: 120, seed: 12, pixels: 32, testShare: 0, unseen: { cities: 40, seed: 1 } },
    test: { scenes: 40, seed: 14, pixels: 32, testShare: 1, unseen: { cities: 0, seed: 1 } },
  },
  maxCompletionTokens: 8,
  towers: { vit: tower, mixer: tower },
  bases: { vit: base, mixer: base },
  families: {
    geocell: family,
    retriever: { ...family, width: 16 },
  },
  judge: {
    annotators,
    validationShare: 0.2,
    model: { vocabularySize: 100, width: 16, imagePixels: 96 },
    epochs: 1,
    photosPerStep: 16,
    learningRate: 2e-3,
    weightDecay: 0,
  },
  curation: {
    images: 8,
    recipe: {
      annotators: annotators.map(({ model }) => ({ model: `miniature:${model}` })),
      gps: { model: 'miniature' },
      segmentation: { model: 'miniature:0' },
      split: null,
    },
  },
  training: { sft: { vit: sft, mixer: sft }, grpo: { vit: grpo, mixer: grpo } },
  rewards: { loc: 0.5, vgc: 0.5, ga: 1, format: 1 },
  search: {
    sft: { vit: [{ learningRate: 1e-3 }, { learningRate: 2e-3 }] },
    grpo: { vit: [{ preset: 'dr-grpo' }], mixer: [{ preset: 'globe' }] },
  },
  seeds: [1, 2],
  statistics: { resamples: 200 },
};
