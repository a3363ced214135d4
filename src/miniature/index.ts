/** The generated world: making one, reading it, and those who annotate it. */
export { generateWorld, DEFAULT_PIXELS } from './generate.ts';
export type { GenerateOptions } from './generate.ts';
export { FILES } from './layout.ts';
export type { WorldManifest } from './layout.ts';
export { openWorld } from './world.ts';
export type { World } from './world.ts';
export type { SceneCue, SceneTruth } from './truth.ts';
export { contactSheet } from './contact-sheet.ts';
export type { SheetOptions } from './contact-sheet.ts';
export { composeScene } from './compose.ts';
export type { Composed } from './compose.ts';
export { simulatedAnnotator } from './annotators/simulated-annotator.ts';
export { BOLD, CAREFUL, profileSchema, PROFILES } from './annotators/profile.ts';
export type { AnnotatorProfile } from './annotators/profile.ts';
export { GPS, gpsProfileSchema, simulatedGps } from './annotators/gps-annotator.ts';
export type { GpsProfile } from './annotators/gps-annotator.ts';
export { truthSegmenter } from './annotators/truth-segmenter.ts';
