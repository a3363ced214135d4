/** Every command with its one-line summary. A command's file is loaded only when it runs. */
import type { Command } from 'commander';

export type CommandModule = { readonly command: () => Command };

export const commands: Readonly<Record<string, { summary: string; load: () => Promise<CommandModule> }>> = {
  locate: { summary: 'say where photos were taken, and why', load: () => import('./commands/locate.ts') },
  review: {
    summary: 'accept, correct or reject the answers of a run of locate',
    load: () => import('./commands/review.ts'),
  },
  export: {
    summary: 'write the answers of a run of locate as XMP, KML, GPX, GeoJSON or CSV',
    load: () => import('./commands/export.ts'),
  },
  evaluate: {
    summary: 'run a model on a benchmark and score it (resumable)',
    load: () => import('./commands/evaluate.ts'),
  },
  calibrate: {
    summary: 'learn calibrated confidence from an evaluated run',
    load: () => import('./commands/calibrate.ts'),
  },
  compare: { summary: 'compare runs with paired tests', load: () => import('./commands/compare.ts') },
  geocode: { summary: 'find the coordinates of places', load: () => import('./commands/geocode.ts') },
  match: { summary: 'check whether two places match, and why', load: () => import('./commands/match.ts') },
  start: {
    summary: 'train a small model in minutes and show what it learnt',
    load: () => import('./commands/start.ts'),
  },
  doctor: { summary: 'check what is installed, reachable or missing', load: () => import('./commands/doctor.ts') },
  train: {
    summary: 'train a model from a recipe: SFT, GRPO, classifier or retriever (resumable)',
    load: () => import('./commands/train.ts'),
  },
  'reward-model': {
    summary: 'train the localizability judge, or export its pairs',
    load: () => import('./commands/reward-model.ts'),
  },
  reproduce: {
    summary: "repeat the paper's experiments in the generated world (resumable)",
    load: () => import('./commands/reproduce.ts'),
  },
  serve: { summary: 'serve the task rewards over HTTP', load: () => import('./commands/serve.ts') },
  miniature: {
    summary: 'generate a small world of scenes with known truth',
    load: () => import('./commands/miniature.ts'),
  },
  curate: {
    summary: 'build a verified reasoning dataset from photos with known places (resumable)',
    load: () => import('./commands/curate.ts'),
  },
  dataset: {
    summary: 'inspect, review and export a reasoning dataset',
    load: () => import('./commands/dataset.ts'),
  },
  score: { summary: 'score existing predictions', load: () => import('./commands/score.ts') },
};
