/** Limits on input images, and settings for prepared images. */

/** Maximum pixels of an image that a model receives: 1280 × 28 × 28, the authors' MAX_PIXELS. */
export const MAX_PIXELS = 1_003_520;

/**
 * Maximum pixels of an input image: 16,383². This allows photos of 200-megapixel phones but stops decompression bombs.
 */
export const MAX_INPUT_PIXELS = 268_402_689;

/**
 * Maximum pixels of one image sent to the reward service, and of all images that the service decodes at the same time.
 * It allows a 24-megapixel photo. HEIC needs 14 bytes of memory per pixel.
 */
export const MAX_SERVICE_PIXELS = 25_000_000;

/** Maximum time to decode one image in the reward service. An ordinary photo needs a hundredth of this time. */
export const MAX_SERVICE_SECONDS = 20;

/** Maximum size of an image file. The largest real photos have a tenth of this size. */
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;

/**
 * JPEG quality of the re-encoded image. At this quality, artefacts are too fine for a vision encoder to notice, and the
 * file is a quarter of its size at quality 100.
 */
export const JPEG_QUALITY = 90;

/**
 * Background behind transparent pixels. It is white, because most logos and cut-outs are made for a white background.
 */
export const ALPHA_BACKGROUND = '#ffffff';
