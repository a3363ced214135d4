/** Photos: prepared for models without their metadata, and that metadata read for people. */
export { ALPHA_BACKGROUND, JPEG_QUALITY, MAX_INPUT_BYTES, MAX_INPUT_PIXELS, MAX_PIXELS } from './limits.ts';
export { type MetadataBlock, metadataBlocks } from './metadata-blocks.ts';
export { type PhotoMetadata, readPhotoMetadata } from './photo-metadata.ts';
export { type PreparedImage } from './prepared-image.ts';
export { type PrepareOptions, prepareImage, withinBudget } from './prepare-image.ts';
export { readImageFile } from './read-image-file.ts';
export { thumbnail } from './thumbnail.ts';
