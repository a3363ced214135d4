/**
 * The families that see and do not write, by recipe: `trainFamily` leaves a model folder in a run's folder, `locatePhotos` asks such a
 * folder for the positions of many photos, `observePhotos` measures a loaded model.
 */
export { type FamilyRecipe, type GeocellRecipe, type RetrieverRecipe } from './family-recipe.ts';
export { locatePhotos, type LocatePhotosOptions, observePhotos, type ObservePhotosOptions } from './locate-photos.ts';
export { isFamilyRecipe, trainFamily, type TrainFamilyOptions } from './train-family.ts';
