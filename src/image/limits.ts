/** Limits on input images, and the constants of prepared images. */

/** Pixel budget of the image a model sees: 1280 × 28 × 28, the authors' MAX_PIXELS. */
export const MAX_PIXELS = 1_003_520;

/** Pixels that a file may decode to: 16,383², enough for a 200-megapixel phone but not for a decompression bomb. */
export const MAX_INPUT_PIXELS = 268_402_689;

/**
 * Pixels that one image of the service may have, and that it decodes at a time: a 24-megapixel photo. HEIC needs 14 bytes a
 * pixel.
 */
export const MAX_SERVICE_PIXELS = 25_000_000;

/** Time for one image in the service; an ordinary photo needs a hundredth of it. */
export const MAX_SERVICE_SECONDS = 20;

/** Maximum size of an image file; the largest real photos have a tenth of it. */
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;

/**
 * JPEG quality of the re-encoded image: the artefacts are too fine for a vision encoder to notice, and the file has a
 * quarter of its size at quality 100.
 */
export const JPEG_QUALITY = 90;

/** Background of transparent pixels: white, for which logos and cut-outs are drawn. */
export const ALPHA_BACKGROUND = '#ffffff';
