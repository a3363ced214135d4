/**
 * Packs sequences into arrays, padded on the right, and lists the positions whose next token counts in the loss. To
 * avoid repeated computation, the completions of a prompt share one copy of the prompt, and the prompts about an image
 * share one copy of the image.
 */
import { invalidInput } from '../../core/errors.ts';
import { float32, type HostArray, int32 } from '../../tensor/index.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { type EncoderConfig, imagePatches, imageTokens, type NanoConfig } from '../config.ts';
import type { PatchReader } from '../image/patches.ts';
import { tokenIds } from '../tokenizer/special-tokens.ts';

/** A prompt and one completion. */
export type Sequence = {
  readonly image?: PreparedImage;
  readonly promptTokens: readonly number[];
  readonly completionTokens: readonly number[];
};

/** Lengths are rounded up to a multiple of this number, so that programs run with few different shapes. */
const LENGTH_STEP = 4;

/** Maximum number of positions that a batch computes, including padding. The maximum limits memory. */
export const MAX_BATCH_TOKENS = 2048;
/**
 * Maximum number of prompt positions that a batch's completions attend to, as a multiple of MAX_BATCH_TOKENS. These
 * positions need memory, because each completion gets its own copy of its prompt's keys and values.
 */
const MAX_READ = 4;

export type Batch<S extends Sequence> = {
  readonly sequences: readonly S[];
  /** True if all sequences have an image, false if none has one. */
  readonly images: boolean;
};

/**
 * Groups sequences into batches. Completions of the same prompt are in the same batch if they fit. Sequences are sorted
 * by length to limit padding. Sequences with images and sequences without images are never in the same batch.
 */
export function intoBatches<S extends Sequence>(
  sequences: readonly S[],
  config: NanoConfig,
  maxTokens = MAX_BATCH_TOKENS,
): Batch<S>[] {
  const batches: Batch<S>[] = [];
  for (const images of [true, false]) {
    const some = sequences.filter(({ image }) => (image !== undefined) === images);
    for (const sequence of some) checkLength(sequence, config);
    const groups = [...Map.groupBy(some, promptKey).values()]
      .map((group) => group.toSorted((a, b) => lengthOf(a) - lengthOf(b)))
      .sort(
        (a, b) => lengthOf(a.at(-1)!) - lengthOf(b.at(-1)!) || a[0]!.promptTokens.length - b[0]!.promptTokens.length,
      );
    const prefix = images ? imageTokens(config) : 0;
    let open: S[] = [];
    let size = EMPTY;
    const makeRoom = (more: Size): void => {
      const { computed, read } = positionsOf(joined(size, more), prefix);
      if (open.length === 0 || (computed <= maxTokens && read <= MAX_READ * maxTokens)) return;
      batches.push({ sequences: open, images });
      [open, size] = [[], EMPTY];
    };
    for (const group of groups) {
      const prompt = group[0]!.promptTokens.length - 1;
      makeRoom({ prompts: 1, sequences: group.length, prompt, completion: lengthOf(group.at(-1)!) });
      for (const [i, sequence] of group.entries()) {
        const one = { prompts: i === 0 ? 1 : 0, sequences: 1, prompt, completion: lengthOf(sequence) };
        makeRoom(one);
        size = joined(size, open.length === 0 ? { ...one, prompts: 1 } : one);
        open.push(sequence);
      }
    }
    if (open.length > 0) batches.push({ sequences: open, images });
  }
  return batches;
}

/**
 * Size of a batch: the numbers of prompts and sequences, and the lengths of the longest prompt and the longest
 * completion.
 */
type Size = {
  readonly prompts: number;
  readonly sequences: number;
  readonly prompt: number;
  readonly completion: number;
};

const EMPTY: Size = { prompts: 0, sequences: 0, prompt: 0, completion: 0 };

const joined = (a: Size, b: Size): Size => ({
  prompts: a.prompts + b.prompts,
  sequences: a.sequences + b.sequences,
  prompt: Math.max(a.prompt, b.prompt),
  completion: Math.max(a.completion, b.completion),
});

/**
 * Returns two counts for a batch: the positions that it computes, and the prompt positions that its completions attend
 * to.
 */
function positionsOf(
  { prompts, sequences, prompt, completion }: Size,
  prefix: number,
): { computed: number; read: number } {
  const each = prefix + paddedLength(prompt);
  return { computed: prompts * each + sequences * paddedLength(completion), read: sequences * each };
}

const lengthOf = ({ completionTokens }: Sequence): number => completionTokens.length;

export const promptKey = ({ image, promptTokens }: Sequence): string => `${image?.sha256} ${promptTokens.join(' ')}`;

/** Number of positions before a completion's first input. The first input is the prompt's last token. */
const startOf = ({ image, promptTokens }: Sequence, config: NanoConfig): number =>
  (image === undefined ? 0 : imageTokens(config)) + promptTokens.length - 1;

function checkLength(sequence: Sequence, config: NanoConfig): void {
  const { promptTokens, completionTokens } = sequence;
  if (promptTokens.length === 0 || completionTokens.length === 0) {
    throw invalidInput(
      `A sequence needs a prompt and a completion; got ${promptTokens.length} and ${completionTokens.length} tokens.`,
    );
  }
  const positions = startOf(sequence, config) + completionTokens.length;
  if (positions > config.contextTokens) {
    throw invalidInput(
      `A sequence of ${positions} positions does not fit the model's context of ${config.contextTokens}.`,
      'Shorten the prompt or the completion.',
    );
  }
}

export const paddedLength = (length: number): number => Math.ceil(length / LENGTH_STEP) * LENGTH_STEP;

/** Returns the arrays of a batch, keyed by the names of the graph's inputs (graphs.ts). */
export async function batchArrays(
  { sequences, images }: Batch<Sequence>,
  config: NanoConfig,
  readPatches: PatchReader,
): Promise<Record<string, HostArray>> {
  const prompts = new Map(sequences.map((sequence) => [promptKey(sequence), sequence]));
  const places = new Map([...prompts.keys()].map((key, i) => [key, i]));
  const room = config.contextTokens - (images ? imageTokens(config) : 0);
  const longest = Math.max(...sequences.map((one) => one.promptTokens.length - 1));
  const prompt = Math.min(Math.max(1, paddedLength(longest)), room);
  const completion = Math.max(...sequences.map((one) => paddedLength(lengthOf(one))));
  const promptTokens = new Int32Array(prompts.size * prompt).fill(tokenIds.pad);
  for (const [i, one] of [...prompts.values()].entries()) promptTokens.set(one.promptTokens.slice(0, -1), i * prompt);
  const tokens = new Int32Array(sequences.length * completion).fill(tokenIds.pad);
  const rows: number[] = [];
  const targets: number[] = [];
  for (const [i, one] of sequences.entries()) {
    tokens.set([one.promptTokens.at(-1)!, ...one.completionTokens.slice(0, -1)], i * completion);
    for (const [j, target] of one.completionTokens.entries()) {
      rows.push(i * completion + j);
      targets.push(target);
    }
  }
  const count = sequences.length;
  return {
    promptTokens: int32([prompts.size, prompt], promptTokens),
    tokens: int32([count, completion], tokens),
    promptOf: int32(
      [count],
      sequences.map((sequence) => places.get(promptKey(sequence))!),
    ),
    starts: int32(
      [count],
      sequences.map((sequence) => startOf(sequence, config)),
    ),
    rows: int32([rows.length], rows),
    targets: int32([targets.length], targets),
    ...(images &&
      (await imageArrays(
        [...prompts.values()].map(({ image }) => image!),
        config,
        readPatches,
      ))),
  };
}

/**
 * Returns the distinct images of `shown` as `patches` [images, imagePatches, values]. `imageOf` has the index in
 * `patches` of each image of `shown`.
 */
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
