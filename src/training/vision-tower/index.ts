/** The image encoder before any language: trained by recipe on what drawings show, kept as a folder, loaded into new models. */
export { loadTower } from './tower-checkpoint.ts';
export { trainVisionTower } from './train-vision-tower.ts';
export { VISION_PREFIX } from './vision-tower.ts';
export type { VisionRecipe } from './vision-recipe.ts';
