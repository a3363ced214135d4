/** Every command with its one-line summary; a command's file is loaded only when it runs. */
import type { Command } from 'commander';

export type CommandModule = { readonly command: () => Command };

export const commands: Readonly<Record<string, { summary: string; load: () => Promise<CommandModule> }>> = {
  locate: { summary: 'say where photos were taken, and why', load: () => import('./commands/locate.ts') },
  evaluate: {
    summary: 'run a model over a benchmark, resumable, then score it',
    load: () => import('./commands/evaluate.ts'),
  },
  compare: { summary: 'compare runs by paired tests', load: () => import('./commands/compare.ts') },
  geocode: { summary: 'find the coordinates of places', load: () => import('./commands/geocode.ts') },
  match: { summary: 'compare two places: country, city, reason', load: () => import('./commands/match.ts') },
  start: {
    summary: 'train a small model in minutes and show what it learnt',
    load: () => import('./commands/start.ts'),
  },
  doctor: { summary: 'say what is installed, reachable and missing', load: () => import('./commands/doctor.ts') },
  train: {
    summary: 'train a model by a recipe (SFT, GRPO, classifier, retriever), resumable',
    load: () => import('./commands/train.ts'),
  },
  'reward-model': {
    summary: 'train the judge of localizability, or export its pairs',
    load: () => import('./commands/reward-model.ts'),
  },
  reproduce: {
    summary: "measure the paper's tables in miniature, resumable",
    load: () => import('./commands/reproduce.ts'),
  },
  serve: { summary: 'serve the task rewards over HTTP', load: () => import('./commands/serve.ts') },
  miniature: {
    summary: 'make a small generated world whose truth is known',
    load: () => import('./commands/miniature.ts'),
  },
  curate: {
    summary: 'build a verified reasoning dataset from photos with places',
    load: () => import('./commands/curate.ts'),
  },
  dataset: {
    summary: 'look at a reasoning dataset: statistics, page, review, export',
    load: () => import('./commands/dataset.ts'),
  },
  score: { summary: 'score predictions that exist', load: () => import('./commands/score.ts') },
};
