/** `globe-geolocation/miniature`: a generated world with known truth, and annotators with known error rates. */
export { generateWorld, type GenerateOptions } from '../miniature/generate.ts';
export { type SceneTruth } from '../miniature/truth.ts';
export { openWorld, type World } from '../miniature/world.ts';

export { simulatedGps } from '../miniature/annotators/gps-annotator.ts';
export { type AnnotatorProfile, BOLD, CAREFUL } from '../miniature/annotators/profile.ts';
export { simulatedAnnotator } from '../miniature/annotators/simulated-annotator.ts';
export { truthSegmenter, type TruthSegmenterOptions } from '../miniature/annotators/truth-segmenter.ts';

export { pairTruth } from '../miniature/adapters/pair-truth.ts';
export { worldSource } from '../miniature/adapters/photo-source.ts';
export { miniatureOracle } from '../miniature/adapters/world-oracle.ts';
