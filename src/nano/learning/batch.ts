/**
 * Sequences to arrays: prompt and completion side by side, padded on the right, each image once however many sequences show
 * it, and the list of positions whose next token counts.
 */
import { invalidInput } from '../../core/errors.ts';
import { float32, type HostArray, int32 } from '../../tensor/index.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { type EncoderConfig, imagePatches, imageTokens, type NanoConfig } from '../config.ts';
import type { PatchReader } from '../image/patches.ts';
import { tokenIds } from '../tokenizer/special-tokens.ts';

/** What a model is asked to complete, and a completion of it. */
export type Sequence = {
  readonly image?: PreparedImage;
  readonly promptTokens: readonly number[];
  readonly completionTokens: readonly number[];
};

/** Lengths are rounded up to this, so that few different shapes occur. */
const LENGTH_STEP = 16;

/** Padded tokens of one batch at most: it bounds memory, and batches of sequences of like lengths hold little padding. */
export const MAX_BATCH_TOKENS = 2048;

export type Batch<S extends Sequence> = {
  readonly sequences: readonly S[];
  /** Whether its sequences show images; all do, or none. */
  readonly images: boolean;
};

/** Cuts sequences into batches, short ones first so that little is padded, those with images apart from those without. */
export function intoBatches<S extends Sequence>(
  sequences: readonly S[],
  config: NanoConfig,
  maxTokens = MAX_BATCH_TOKENS,
): Batch<S>[] {
  const batches: Batch<S>[] = [];
  for (const images of [true, false]) {
    let open: S[] = [];
    const prefix = images ? imageTokens(config) : 0;
    const byLength = sequences
      .filter((s) => (s.image !== undefined) === images)
      .map((sequence) => ({ sequence, length: checkedLength(sequence, config, prefix) }))
      .sort((a, b) => a.length - b.length);
    for (const { sequence, length } of byLength) {
      if (open.length > 0 && (prefix + paddedLength(length)) * (open.length + 1) > maxTokens) {
        batches.push({ sequences: open, images });
        open = [];
      }
      open.push(sequence);
    }
    if (open.length > 0) batches.push({ sequences: open, images });
  }
  return batches;
}

/** Input tokens of a sequence: all but the last, which is only predicted. */
function checkedLength({ promptTokens, completionTokens }: Sequence, config: NanoConfig, prefix: number): number {
  if (promptTokens.length === 0 || completionTokens.length === 0) {
    throw invalidInput(
      `A sequence needs a prompt and a completion; these have ${promptTokens.length} and ${completionTokens.length} tokens.`,
    );
  }
  const length = promptTokens.length + completionTokens.length - 1;
  if (prefix + length > config.contextTokens) {
    throw invalidInput(
      `A sequence of ${prefix + length} positions does not fit the model's ${config.contextTokens}.`,
      'Shorten the prompt or the completion.',
    );
  }
  return length;
}

const paddedLength = (length: number): number => Math.ceil(length / LENGTH_STEP) * LENGTH_STEP;

/** The arrays of a batch, by the names of the graph's inputs (nano-graphs.ts). */
export async function batchArrays(
  { sequences, images }: Batch<Sequence>,
  config: NanoConfig,
  readPatches: PatchReader,
): Promise<Record<string, HostArray>> {
  const longest = Math.max(...sequences.map((s) => s.promptTokens.length + s.completionTokens.length - 1));
  const room = config.contextTokens - (images ? imageTokens(config) : 0);
  const length = Math.min(paddedLength(longest), room);
  const tokens = new Int32Array(sequences.length * length).fill(tokenIds.pad);
  const rows: number[] = [];
  const targets: number[] = [];
  for (const [i, { promptTokens, completionTokens }] of sequences.entries()) {
    tokens.set(promptTokens, i * length);
    tokens.set(completionTokens.slice(0, -1), i * length + promptTokens.length);
    for (const [j, target] of completionTokens.entries()) {
      rows.push(i * length + promptTokens.length - 1 + j);
      targets.push(target);
    }
  }
  return {
    tokens: int32([sequences.length, length], tokens),
    rows: int32([rows.length], rows),
    targets: int32([targets.length], targets),
    ...(images &&
      (await imageArrays(
        sequences.map((s) => s.image!),
        config,
        readPatches,
      ))),
  };
}

/** Distinct images as `patches` [images, imagePatches, values], and for each sequence which is its own: `imageOf`. */
export async function imageArrays(
  shown: readonly PreparedImage[],
  config: EncoderConfig,
  readPatches: PatchReader,
): Promise<Record<'patches' | 'imageOf', HostArray>> {
  const distinct = new Map(shown.map((image) => [image.sha256, image]));
  const order = [...distinct.keys()];
  const place = new Map(order.map((sha256, i) => [sha256, i]));
  const values = config.image.patchPixels ** 2 * 3;
  const patches = new Float32Array(order.length * imagePatches(config) * values);
  for (const [i, image] of [...distinct.values()].entries()) {
    patches.set(await readPatches(image), i * imagePatches(config) * values);
  }
  return {
    patches: float32([order.length, imagePatches(config), values], patches),
    imageOf: int32(
      [shown.length],
      shown.map(({ sha256 }) => place.get(sha256)!),
    ),
  };
}
