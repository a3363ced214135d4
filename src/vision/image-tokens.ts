/**
 * Estimates how many prompt tokens a model counts for an image. The model families have different rules, so one photo
 * takes 240 tokens with one model and 3,328 with another. The rules are those that the families publish. A server can
 * be configured differently, so only the server's own token counts are exact.
 */

export type ImageSize = { readonly widthPixels: number; readonly heightPixels: number };

type Rule = (size: ImageSize) => number;

/**
 * Model families, each with a pattern of model names. The first match counts, so special patterns come before general
 * ones.
 */
const FAMILIES: readonly (readonly [name: string, pattern: RegExp, rule: Rule])[] = [
  // Patches of 16 pixels are merged 2 × 2. One token before the image and one after it are added.
  ['Qwen3-VL', /qwen-?3[^/]*-?vl/, (size) => gridTokens(size, 32) + 2],
  // Patches of 14 pixels are merged 2 × 2. One token before the image and one after it are added.
  ['Qwen2-VL', /qwen-?2(?:\.5)?[^/]*-?vl/, (size) => gridTokens(size, 28) + 2],
  ['InternVL', /internvl/, (size) => internVlTokens(size)],
  ['GPT-4o mini', /gpt-4o-mini/, (size) => openAiTokens(size, { base: 2833, tile: 5667 })],
  ['GPT-5', /gpt-5/, (size) => openAiTokens(size, { base: 70, tile: 140 })],
  ['GPT-4o', /gpt-4o|gpt-4\.1/, (size) => openAiTokens(size, { base: 85, tile: 170 })],
  ['Claude', /claude/, (size) => Math.ceil(pixelsOf(within(size, 1568)) / 750)],
  ['Gemma 3', /gemma-?3/, () => 256],
];

/** For all other models, one token represents 28 × 28 pixels, which is a common size. */
const DEFAULT_PIXELS_PER_TOKEN = 784;

/** The model family whose rule gives the number of tokens; undefined for an unknown model. */
export function modelFamily(model: string): string | undefined {
  return familyOf(model)?.[0];
}

/**
 * Returns the number of tokens of one image. `size` is the image's size in pixels as the model receives it. `model` is
 * any text that contains the model's name, such as `http://127.0.0.1:8000/v1#Qwen/Qwen2.5-VL-72B-Instruct`.
 *
 * @example
 * imageTokens('OpenGVLab/InternVL3-78B', { widthPixels: 1024, heightPixels: 768 }); // 3328
 */
export function imageTokens(model: string, size: ImageSize): number {
  return familyOf(model)?.[2](size) ?? Math.ceil(pixelsOf(size) / DEFAULT_PIXELS_PER_TOKEN);
}

function familyOf(model: string): (typeof FAMILIES)[number] | undefined {
  const name = model.toLowerCase();
  return FAMILIES.find(([, pattern]) => pattern.test(name));
}

const pixelsOf = ({ widthPixels, heightPixels }: ImageSize): number => widthPixels * heightPixels;

/**
 * Returns one token for each square cell with a side of `cellPixels`. Each side of the image is rounded to whole cells.
 */
function gridTokens({ widthPixels, heightPixels }: ImageSize, cellPixels: number): number {
  const cells = (pixels: number): number => Math.max(1, Math.round(pixels / cellPixels));
  return cells(widthPixels) * cells(heightPixels);
}

/** Side of an InternVL tile in pixels, and the number of tokens of a tile. */
const TILE_PIXELS = 448;
const TILE_TOKENS = 256;
const MAX_TILES = 12;

/**
 * InternVL scales an image to the grid of at most 12 tiles whose aspect ratio is closest. If there are several tiles,
 * it adds a thumbnail. Between grids of the same aspect ratio, it takes the larger grid if the image has more than half
 * as many pixels as that grid.
 */
function internVlTokens({ widthPixels, heightPixels }: ImageSize): number {
  const ratio = widthPixels / heightPixels;
  const grids = Array.from({ length: MAX_TILES }, (_, i) => i + 1)
    .flatMap((columns) => Array.from({ length: MAX_TILES }, (_, i) => ({ columns, rows: i + 1 })))
    .filter(({ columns, rows }) => columns * rows <= MAX_TILES)
    .sort((a, b) => a.columns * a.rows - b.columns * b.rows);
  let best = { tiles: 1, difference: Number.POSITIVE_INFINITY };
  for (const { columns, rows } of grids) {
    const difference = Math.abs(ratio - columns / rows);
    const tiles = columns * rows;
    const isLarge = widthPixels * heightPixels > 0.5 * TILE_PIXELS ** 2 * tiles;
    if (difference < best.difference || (difference === best.difference && isLarge)) best = { tiles, difference };
  }
  return TILE_TOKENS * (best.tiles === 1 ? 1 : best.tiles + 1);
}

/**
 * OpenAI scales an image down to fit into 2048 × 2048 pixels, scales its shorter side down to 768 pixels, and counts
 * tiles of 512 × 512 pixels.
 */
function openAiTokens(size: ImageSize, { base, tile }: { base: number; tile: number }): number {
  const fitted = within(size, 2048);
  const scale = Math.min(1, 768 / Math.min(fitted.widthPixels, fitted.heightPixels));
  const tiles = (pixels: number): number => Math.ceil(Math.round(pixels * scale) / 512);
  return base + tile * tiles(fitted.widthPixels) * tiles(fitted.heightPixels);
}

/** Scales an image down until neither side is longer than `maxSidePixels`. */
function within({ widthPixels, heightPixels }: ImageSize, maxSidePixels: number): ImageSize {
  const scale = Math.min(1, maxSidePixels / Math.max(widthPixels, heightPixels));
  return { widthPixels: widthPixels * scale, heightPixels: heightPixels * scale };
}
