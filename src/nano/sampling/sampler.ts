/**
 * Generates completions. Each prompt is processed once. Then every step generates one token for each running sequence.
 * When sequences finish, waiting sequences take their cache slots. A sequence depends only on its own seed, even if
 * other sequences run at the same time.
 */
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { type Random, random, seedFrom } from '../../core/random.ts';
import {
  compile,
  type CompileOptions,
  float32,
  type HostArray,
  int32,
  type Program,
  ProgramTemplate,
  Store,
} from '../../tensor/index.ts';
import { imageTokens, type NanoConfig } from '../config.ts';
import { type PatchReader, patchReader } from '../image/patches.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { tokenIds } from '../tokenizer/special-tokens.ts';
import { imageArrays } from '../learning/batch.ts';
import { KeyValueCache, type ReadPrompt } from './cache.ts';
import { chooseToken, mostLikely, mostLikelyTokens } from './choose-token.ts';
import { type Choice, promptGraph, stepGraph } from './graphs.ts';
import { completeOptions, type FullOptions, type SampledSequence, type SampleRequest } from './requests.ts';

export type SamplerOptions = {
  readonly config: NanoConfig;
  readonly parameters: Readonly<Record<string, HostArray>>;
  readonly tokenizer: Tokenizer;
  readonly threads?: number;
  /** Maximum number of concurrent sequences. */
  readonly slots?: number;
  readonly readPatches?: PatchReader;
};

type Running = {
  readonly options: FullOptions;
  readonly random: Random;
  readonly tokens: number[];
  readonly logprobs: number[];
  readonly top: { token: number; logprob: number }[][];
  /** Number of this sequence's positions in the cache. */
  length: number;
  finishReason: 'stop' | 'length' | undefined;
};

type Waiting = { readonly running: Running; readonly prompt: ReadPrompt };

/** Default number of concurrent sequences. */
const DEFAULT_SLOTS = 64;
/**
 * Capacities and padded prompt lengths are multiples of this number, so that programs run with few different shapes.
 */
const LENGTH_STEP = 16;
/** Maximum number of prompts per run of the prompt program. */
const PROMPTS_AT_ONCE = 16;

export class NanoSampler {
  readonly #options: Omit<SamplerOptions, 'parameters'>;
  readonly #readPatches: PatchReader;
  readonly #prompts = new Map<string, Promise<Program>>();
  readonly #steps = new Map<string, Promise<Program>>();
  readonly #stepTemplates = new Map<Choice, ProgramTemplate>();
  readonly #sampling = new Set<Promise<unknown>>();
  #parameters: SamplerOptions['parameters'];
  #store: Store;

  constructor({ parameters, ...options }: SamplerOptions) {
    this.#options = options;
    this.#readPatches = options.readPatches ?? patchReader(options.config);
    this.#parameters = parameters;
    this.#store = new Store(parameters);
  }

  /** Replaces the weights for later calls. Waits until the calls in progress have finished with the old weights. */
  async load(parameters: SamplerOptions['parameters']): Promise<void> {
    await Promise.allSettled(this.#sampling);
    this.#parameters = parameters;
    this.#store = new Store(parameters);
    await disposeAll(this.#steps);
  }

  /**
   * Samples the sequences of each request. Throws `invalid-input` if a prompt does not fit the context, and the
   * signal's reason on abort.
   */
  async sample(
    requests: readonly SampleRequest[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<SampledSequence[][]> {
    const work = this.#sample(requests, signal);
    this.#sampling.add(work);
    try {
      return await work;
    } finally {
      this.#sampling.delete(work);
    }
  }

  async #sample(requests: readonly SampleRequest[], signal: AbortSignal | undefined): Promise<SampledSequence[][]> {
    const options = requests.map((request) => completeOptions(request, tokenIds.end));
    const results: Running[][] = requests.map(() => []);
    const waiting: Waiting[] = [];
    for (const images of [true, false]) {
      const chosen = [...requests.keys()].filter((i) => (requests[i]!.image !== undefined) === images);
      for (let at = 0; at < chosen.length; at += PROMPTS_AT_ONCE) {
        signal?.throwIfAborted();
        const part = chosen.slice(at, at + PROMPTS_AT_ONCE);
        const read = await this.#readPrompts(
          part.map((i) => requests[i]!),
          part.map((i) => options[i]!),
          images,
        );
        for (const [row, i] of part.entries()) {
          for (let sample = 0; sample < requests[i]!.samples; sample++) {
            const running = this.#begin(options[i]!, (requests[i]!.firstSample ?? 0) + sample, read.lengths[row]!);
            results[i]!.push(running);
            this.#draw(running, read.outputs, row);
            if (running.finishReason === undefined) {
              waiting.push({ running, prompt: { arrays: read.outputs, row, length: running.length } });
            }
          }
        }
      }
    }
    await this.#run(waiting, signal);
    return results.map((list) => list.map(finished));
  }

  async dispose(): Promise<void> {
    await disposeAll(this.#prompts);
    await disposeAll(this.#steps);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #begin(options: FullOptions, sample: number, length: number): Running {
    const seed = seedFrom(`${options.seed}:${sample}`);
    return { options, random: random(seed), tokens: [], logprobs: [], top: [], length, finishReason: undefined };
  }

  async #readPrompts(requests: readonly SampleRequest[], options: readonly FullOptions[], images: boolean) {
    const { config } = this.#options;
    const prefix = images ? imageTokens(config) : 0;
    for (const { promptTokens } of requests) {
      if (promptTokens.length === 0) throw invalidInput('A prompt needs at least one token.');
      if (prefix + promptTokens.length >= config.contextTokens) {
        throw invalidInput(
          `A prompt of ${promptTokens.length} tokens${images ? ` and an image of ${prefix}` : ''} leaves no room in the model's context of ${config.contextTokens}.`,
          'Shorten the prompt.',
        );
      }
    }
    const longest = Math.max(...requests.map(({ promptTokens }) => promptTokens.length));
    const length = Math.min(Math.ceil(longest / LENGTH_STEP) * LENGTH_STEP, config.contextTokens - prefix);
    const tokens = new Int32Array(requests.length * length).fill(tokenIds.pad);
    for (const [i, { promptTokens }] of requests.entries()) tokens.set(promptTokens, i * length);
    const count = requests.length;
    const feeds = {
      promptTokens: int32([count, length], tokens),
      last: int32(
        [count],
        requests.map(({ promptTokens }, i) => i * length + promptTokens.length - 1),
      ),
      sharpness: float32([count], options.map(sharpness)),
      ...(images &&
        (await imageArrays(
          requests.map(({ image }) => image!),
          config,
          this.#readPatches,
        ))),
    };
    const program = await this.#promptProgram(images);
    const outputs = await program.run(feeds, this.#store);
    return { outputs, lengths: requests.map(({ promptTokens }) => prefix + promptTokens.length) };
  }

  /** Generates tokens until all sequences are finished. */
  async #run(waiting: readonly Waiting[], signal: AbortSignal | undefined): Promise<void> {
    if (waiting.length === 0) return;
    const choice = choiceFor(
      waiting.map(({ running }) => running.options),
      this.#options.config,
    );
    const program = await this.#stepProgram(choice);
    const cache = this.#newCache(waiting);
    let shown = { capacity: 0, count: 0, arrays: cache.arrays(0) };
    const running: Running[] = [];
    for (let next = 0; ;) {
      // Sequences start in groups, so that sequences of similar length run together. Groups are faster, because each
      // step reads as many positions of every sequence as the longest sequence has.
      if (running.length <= cache.slots / 2) {
        const joining = waiting.slice(next, next + cache.slots - running.length);
        next += joining.length;
        const places = joining.map(({ running: sequence }) => running.push(sequence) - 1);
        this.#fit(cache, running, running.length - joining.length);
        for (const [i, { prompt }] of joining.entries()) cache.fill(places[i]!, prompt);
      }
      if (running.length === 0) return;
      signal?.throwIfAborted();
      this.#fit(cache, running);
      const { capacity } = cache;
      const count = running.length;
      if (shown.capacity !== capacity || shown.count !== count)
        shown = { capacity, count, arrays: cache.arrays(count) };
      const outputs = await program.run({ ...stepFeeds(running, choice), ...shown.arrays });
      const lengths = running.map(({ length }) => length);
      cache.append(outputs['appended']!, lengths);
      for (const [row, sequence] of running.entries()) {
        sequence.length += 1;
        if (choice === 'caller') this.#draw(sequence, outputs, row);
        else this.#extend(sequence, outputs['token']!.data[row]!, outputs['logprob']!.data[row]!);
      }
      retire(running, cache);
    }
  }

  /** Chooses the next token of a sequence from its row of the distributions, and appends it. */
  #draw(sequence: Running, outputs: Readonly<Record<string, HostArray>>, row: number): void {
    const { options } = sequence;
    const all = rowOf(outputs['logprobs']!, row);
    const token =
      options.temperature === 0
        ? mostLikely(all)
        : chooseToken(rowOf(outputs['probabilities']!, row), options, sequence.random.next());
    if (options.topLogprobs > 0) sequence.top.push(mostLikelyTokens(all, options.topLogprobs));
    this.#extend(sequence, token, all[token]!);
  }

  /** Appends a token to a sequence. Sets `finishReason` if the sequence ends. */
  #extend(sequence: Running, token: number, logprob: number): void {
    const { config, tokenizer } = this.#options;
    const { options, tokens, logprobs } = sequence;
    tokens.push(token);
    logprobs.push(logprob);
    if (options.stopTokens.includes(token) || endsInStop(tokens, options.stop, tokenizer)) {
      sequence.finishReason = 'stop';
    } else if (tokens.length >= options.maxTokens || sequence.length + 1 >= config.contextTokens) {
      sequence.finishReason = 'length';
    }
  }

  #newCache(waiting: readonly Waiting[]): KeyValueCache {
    const { config, slots = DEFAULT_SLOTS } = this.#options;
    const most = (positions: (running: Running) => number): number =>
      roundedCapacity(Math.max(...waiting.map(({ running }) => positions(running))) + 1, config);
    return new KeyValueCache(config, {
      slots: Math.min(slots, waiting.length),
      capacity: most(({ length }) => length),
      most: most(({ length, options }) => length + options.maxTokens),
    });
  }

  /**
   * Resizes the cache to the length of the longest running sequence, because every step reads the whole capacity. Only
   * the first `filled` sequences already have positions in the cache.
   */
  #fit(cache: KeyValueCache, running: readonly Running[], filled = running.length): void {
    if (running.length === 0) return;
    const capacity = roundedCapacity(Math.max(...running.map(({ length }) => length)) + 1, this.#options.config);
    if (capacity === cache.capacity) return;
    cache.resize(
      capacity,
      running.slice(0, filled).map(({ length }) => length),
    );
  }

  /** The prompt program runs rarely, so its weights are inputs, and new weights need no recompilation. */
  #promptProgram(images: boolean): Promise<Program> {
    return kept(this.#prompts, String(images), () =>
      compile(promptGraph(this.#options.config, images), this.#threads()),
    );
  }

  /**
   * The step program runs hundreds of times, so its weights are constants. The runtime then optimizes their layout,
   * which makes a step a quarter faster.
   */
  #stepProgram(choice: Choice): Promise<Program> {
    return kept(this.#steps, choice, () => this.#stepTemplate(choice).compile(this.#parameters));
  }

  /** Returns the template of the step program. For new weights, only the template's constants are replaced. */
  #stepTemplate(choice: Choice): ProgramTemplate {
    let template = this.#stepTemplates.get(choice);
    if (template === undefined) {
      const options = { constants: this.#parameters, ...this.#threads() };
      template = new ProgramTemplate(stepGraph(this.#options.config, { choice }), options);
      this.#stepTemplates.set(choice, template);
    }
    return template;
  }

  #threads(): CompileOptions {
    const { threads } = this.#options;
    return defined({ threads });
  }
}

function kept(
  programs: Map<string, Promise<Program>>,
  key: string,
  compiled: () => Promise<Program>,
): Promise<Program> {
  const known = programs.get(key);
  if (known !== undefined) return known;
  const program = compiled();
  programs.set(key, program);
  // A failed compilation is removed from the map, so that the next call compiles again.
  program.catch(() => programs.delete(key));
  return program;
}

async function disposeAll(programs: Map<string, Promise<Program>>): Promise<void> {
  const all = [...programs.values()];
  programs.clear();
  for (const result of await Promise.allSettled(all)) if (result.status === 'fulfilled') await result.value.dispose();
}

/** Returns the reciprocal of the temperature. Greedy sequences ignore the value. */
const sharpness = ({ temperature }: FullOptions): number => (temperature === 0 ? 1 : 1 / temperature);

/** Rounds a number of positions up to a multiple of LENGTH_STEP, limited to the length of the context. */
const roundedCapacity = (positions: number, config: NanoConfig): number =>
  Math.min(Math.ceil(positions / LENGTH_STEP) * LENGTH_STEP, config.contextTokens);

/**
 * Decides whether the graph or the caller chooses the tokens. The graph is faster. However, it cannot apply top-k or
 * top-p, return `topLogprobs`, or combine drawn and greedy sequences.
 */
function choiceFor(options: readonly FullOptions[], { vocabularySize }: NanoConfig): Choice {
  if (options.some(({ topLogprobs }) => topLogprobs > 0)) return 'caller';
  if (options.every(({ temperature }) => temperature === 0)) return 'greedy';
  const plain = options.every(({ temperature, topP, topK }) => temperature > 0 && topP >= 1 && topK >= vocabularySize);
  if (!plain) return 'caller';
  return options.every(({ temperature }) => temperature === 1) ? 'drawn' : 'tempered';
}

/** Returns all inputs of a step except the caches. */
function stepFeeds(running: readonly Running[], choice: Choice): Record<string, HostArray> {
  const count = running.length;
  return {
    tokens: int32(
      [count],
      running.map(({ tokens }) => tokens.at(-1)!),
    ),
    lengths: int32(
      [count],
      running.map(({ length }) => length),
    ),
    ...((choice === 'tempered' || choice === 'caller') && {
      sharpness: float32(
        [count],
        running.map(({ options }) => sharpness(options)),
      ),
    }),
    ...((choice === 'drawn' || choice === 'tempered') && {
      uniform: float32(
        [count],
        running.map(({ random }) => belowOne(random.next())),
      ),
    }),
  };
}

/** Limits a random number to values that float32 does not round up to 1. */
const belowOne = (uniform: number): number => Math.min(uniform, 1 - 2 ** -22);

/** Removes finished sequences. The sequence in the cache's last slot moves to each freed slot. */
function retire(running: Running[], cache: KeyValueCache): void {
  for (let slot = running.length - 1; slot >= 0; slot--) {
    if (running[slot]!.finishReason === undefined) continue;
    const last = running.pop()!;
    if (slot === running.length) continue;
    cache.move({ from: running.length, to: slot, length: last.length });
    running[slot] = last;
  }
}

function rowOf({ data, shape }: HostArray, row: number): Float32Array {
  const width = shape[1]!;
  return (data as Float32Array).subarray(row * width, (row + 1) * width);
}

/**
 * Returns true if the last token completes a stop text. Each token has at least one byte, so only the last n tokens can
 * contain a stop text of n bytes.
 */
function endsInStop(tokens: readonly number[], stop: readonly string[], tokenizer: Tokenizer): boolean {
  return stop.some((text) => tokenizer.decode(tokens.slice(-Buffer.byteLength(text))).includes(text));
}

function finished({ tokens, logprobs, top, options, finishReason }: Running): SampledSequence {
  return { tokens, logprobs, ...(options.topLogprobs > 0 && { top }), finishReason: finishReason! };
}
