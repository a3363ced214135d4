/** `globe-geolocation/curation`: builds a verified reasoning dataset from photos, with fallible annotators. */
export { parseRecipe, readRecipe, type RecipeOverrides } from '../curation/recipe/read-recipe.ts';
export { type AnnotatorRecipe, annotatorName, MODES, type Mode, type Recipe } from '../curation/recipe/recipe.ts';
export { type AnnotatorCost, estimateCost } from '../curation/run/cost.ts';

export { type Photo } from '../curation/observe/photo.ts';
export { readPhotos } from '../curation/observe/read-photos.ts';
export { type Instruments } from '../curation/observe/instruments.ts';
export { type Oracle } from '../curation/judge/oracle.ts';

export { curate, type Curated, type CurateOptions } from '../curation/run/curate.ts';
export { mergeShards, type MergeOptions } from '../curation/run/merge.ts';
export { type Funnel } from '../curation/judge/funnel.ts';

export { type DatasetFile, openDataset } from '../storage/dataset/read-dataset.ts';
export { type DatasetRow } from '../storage/dataset/row.ts';
export { type Exported, exportDataset, type ExportOptions } from '../curation/dataset/export.ts';
export { EXPORT_FORMATS, type ExportFormat } from '../curation/dataset/export-forms.ts';
export { datasetStatistics } from '../curation/dataset/stats.ts';

export { type Grounder, type MeaningMeasure } from '../grounding/grounding.ts';
export { openGrounder } from '../grounding/entity-grounder.ts';
export { lexicalMeaning } from '../grounding/lexical-meaning.ts';
