/** The main job: train a small model in minutes and show what it learnt. */
export { runStart, START_FILES, type Started, type StartOptions } from './run-start.ts';
export { START_UNITS, type StartPlan } from './start-units.ts';
export { AFTER, BEFORE, CAUTION, cityLevel } from './start-page.ts';
