/** The bounds on images that come in, and the constants of the one that goes out. Each stands here once. */

/** Pixel budget of the image a model sees: 1280 × 28 × 28, the authors' MAX_PIXELS. */
export const MAX_PIXELS = 1_003_520;

/** Pixels that a file may decode to: 16,383², enough for a 200-megapixel phone and not for a decompression bomb. */
export const MAX_INPUT_PIXELS = 268_402_689;

/** Bytes of one image file: the largest real photos are a tenth of it. */
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;

/** JPEG quality of the re-encoded image: artefacts below what a vision encoder resolves, a quarter of the size at 100. */
export const JPEG_QUALITY = 90;

/** What transparent pixels are laid on: white, the paper that logos and cut-outs are drawn for. */
export const ALPHA_BACKGROUND = '#ffffff';
