/** `globe-geolocation/locator`: locates photos by generation, classification or retrieval, including GeoCLIP. */
export { type PhotoMetadata, readPhotoMetadata } from '../image/photo-metadata.ts';
export { prepareImage, type PrepareOptions } from '../image/prepare-image.ts';
export { type PreparedImage } from '../image/prepared-image.ts';

export { type Location, type LocationAlternative, type Locator, type LocatorSample } from '../locator/locator.ts';
export { generativeLocator, type GenerativeLocatorOptions } from '../locator/generative-locator.ts';
export { type GeoClip, type GeoClipOptions, openGeoClip } from '../locator/geoclip/geoclip-locator.ts';
export { httpLocator, type HttpLocatorOptions } from '../locator/geoclip/http-locator.ts';
export { openPositionLocator, type PositionLocator, type PositionLocatorOptions } from '../locator/position-locator.ts';
export { locatePrompt, type PromptForm } from '../prompts/locate-prompt.ts';

export { type LocatedPhoto, locatePhotos, type LocatePhotosOptions } from '../locator/locate-photos.ts';
export { findPhotos, type FoundPhotos, type PhotoInput } from '../locator/photo-inputs.ts';
export { type MetadataMode, type PhotoResult } from '../locator/photo-result.ts';
export { formatCsv, formatGeoJson } from '../locator/formats/format-data.ts';
export { formatHtml } from '../locator/formats/format-html.ts';
export { formatText } from '../locator/formats/format-text.ts';
