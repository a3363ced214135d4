/** Curation: photos with places to a verified reasoning dataset, and looking at what came out. */
export { curate, type Curated, type CurateOptions } from './curate.ts';
export { checkShards, mergeShards, type MergeOptions, readManifest, type RunManifest } from './merge.ts';

export { type Instruments } from './instruments.ts';
export { createPassRate, type PassRateOptions } from './pass-rate.ts';
export { type Oracle } from './oracle.ts';
export { miniatureOracle, openMiniatureOracle } from './miniature-oracle.ts';

export { annotatorName, type Mode, MODES, type Recipe, recipeSchema } from './recipe.ts';
export { parseRecipe, readRecipe, type RecipeOverrides } from './read-recipe.ts';
export { type Photo, type Scene, SCENES } from './photo.ts';
export { readPhotos } from './read-photos.ts';
export { parseShard, type Shard } from './shard.ts';

export { type Gate, type GateName, GATE_NAMES, type Verdict } from './gates/gate.ts';
export { type ParsedAnnotation, parseAnnotation } from './parse-annotation.ts';
export { perceptualHash } from './perceptual-hash.ts';
export { type Funnel, type Stage, type StageCount, STAGES } from './funnel.ts';
export { FAULTS, type GateQuality, type Quality } from './gate-quality.ts';
export { type AnnotatorCost, checkBudget, estimateCost, totalCost } from './cost.ts';

export { datasetStatistics } from './dataset/stats.ts';
export { type Table1Row } from './dataset/table1.ts';
export { datasetPage, type PageOptions } from './dataset/page.ts';
export { collectPageItems, type PageItem } from './dataset/page-items.ts';
export { exportDataset, EXPORT_FORMATS, type ExportFormat, type ExportOptions } from './dataset/export.ts';
export { type Decision, loadReview, readDecisions, saveReview } from './review.ts';
