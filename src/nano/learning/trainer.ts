/**
 * Weights in training: the store of parameters, moments and gradient sums, and the compiled programs that read and write it.
 * What to train on, and when to step, is the caller's.
 */
import { GlobeError, invalidInput } from '../../core/errors.ts';
import {
  compile,
  float32,
  type HostArray,
  initialMoments,
  type Program,
  type ProgramDefinition,
  Store,
  zeros,
} from '../../tensor/index.ts';
import type { NanoConfig } from '../config.ts';
import { type PatchReader, patchReader } from '../image/patches.ts';
import type { ParameterSpecs } from '../model/parameters.ts';
import { type Batch, batchArrays, intoBatches, type Sequence } from './batch.ts';
import {
  logprobsGraph,
  lossGraph,
  type OptimizerOptions,
  optimizerGraph,
  parameterSpecs,
  type Trainable,
} from './graphs.ts';
import { lossNamed } from './losses.ts';

/** A sequence with what its loss reads: per-token arrays by name, each as long as the completion. */
export type LossSequence = Sequence & { readonly inputs: Readonly<Record<string, readonly number[]>> };

export type LossRequest = {
  /** A name of `losses`. */
  readonly loss: string;
  /** Numbers that replace the loss's defaults, such as clipLow. */
  readonly settings?: Readonly<Record<string, number>>;
  readonly signal?: AbortSignal;
};

export type LossResult = {
  /** Sum over tokens. */
  readonly loss: number;
  /** Log-probability of every completion token, in the order of the data. */
  readonly logprobs: readonly (readonly number[])[];
};

export type TrainerOptions = {
  readonly config: NanoConfig;
  readonly parameters: Readonly<Record<string, HostArray>>;
  readonly optimizer?: OptimizerOptions;
  /** Parameters to train, by name; the others stay as they are. All by default. */
  readonly trainable?: Trainable;
  readonly threads?: number;
  /** Padded tokens of one batch at most. */
  readonly maxBatchTokens?: number;
  readonly readPatches?: PatchReader;
};

/** The optimizer's state beside the parameters, for a checkpoint that continues bit for bit. */
export type TrainerState = { readonly step: number; readonly arrays: Readonly<Record<string, HostArray>> };

const accumulatorName = (name: string): string => `gradient.${name}`;

export class NanoTrainer {
  readonly config: NanoConfig;
  readonly #options: TrainerOptions;
  readonly #specs: ParameterSpecs;
  readonly #trained: ParameterSpecs;
  readonly #store: Store;
  readonly #programs = new Map<string, Promise<Program>>();
  readonly #readPatches: PatchReader;
  #step = 0;

  constructor(options: TrainerOptions) {
    const { config, parameters, trainable = () => true } = options;
    this.config = config;
    this.#options = options;
    this.#readPatches = options.readPatches ?? patchReader(config);
    this.#specs = parameterSpecs(config);
    this.#trained = Object.fromEntries(Object.entries(this.#specs).filter(([name]) => trainable(name)));
    checkParameters(this.#specs, parameters);
    const trained = Object.fromEntries(Object.keys(this.#trained).map((name) => [name, parameters[name]!]));
    this.#store = new Store({ ...parameters, ...initialMoments(trained) });
    for (const [name, { shape }] of Object.entries(this.#trained)) {
      this.#store.set(accumulatorName(name), zeros('float32', shape));
    }
  }

  /** Optimizer steps so far. */
  get step(): number {
    return this.#step;
  }

  /** The weights now, copied. */
  parameters(): Record<string, HostArray> {
    return this.#store.snapshot(Object.keys(this.#specs));
  }

  /** Adds the gradient of the summed loss to the accumulators. */
  async forwardBackward(
    data: readonly LossSequence[],
    { loss, settings = {}, signal }: LossRequest,
  ): Promise<LossResult> {
    const definition = lossNamed(loss);
    const numbers = { ...definition.settings, ...knownSettings(settings, definition.settings, loss) };
    const scalars = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, float32([], [value])]));
    let total = 0;
    const logprobs = await this.#overBatches(data, signal, async (batch, arrays) => {
      const program = await this.#program(`loss:${loss}:${batch.images}`, () =>
        lossGraph({
          config: this.config,
          loss: definition,
          images: batch.images,
          ...(this.#options.trainable && { trainable: this.#options.trainable }),
        }),
      );
      const inputs = Object.fromEntries(definition.tokenInputs.map((name) => [name, tokenInput(batch, name, loss)]));
      const outputs = await program.run({ ...arrays, ...inputs, ...scalars }, this.#store);
      total += outputs['loss']!.data[0]!;
      return outputs['logprobs']!;
    });
    return { loss: total, logprobs };
  }

  /** One AdamW step with the gradients accumulated since the last one. */
  async optimStep({ learningRate }: { readonly learningRate: number }): Promise<{ readonly gradientNorm: number }> {
    const program = await this.#program('optimizer', () =>
      optimizerGraph(this.#trained, this.#options.optimizer ?? {}),
    );
    const feeds = { learningRate: float32([], [learningRate]), step: float32([], [this.#step + 1]) };
    const { gradientNorm } = await program.run(feeds, this.#store);
    this.#step += 1;
    return { gradientNorm: gradientNorm!.data[0]! };
  }

  /** Teacher-forced log-probabilities of every completion token. */
  computeLogprobs(data: readonly Sequence[], { signal }: { readonly signal?: AbortSignal } = {}): Promise<number[][]> {
    return this.#overBatches(data, signal, async ({ images }, arrays) => {
      const program = await this.#program(`logprobs:${images}`, () => logprobsGraph(this.config, images));
      return (await program.run(arrays, this.#store))['logprobs']!;
    });
  }

  /** Parameters, moments, gradient sums and the step count. */
  state(): TrainerState {
    return { step: this.#step, arrays: this.#store.snapshot() };
  }

  /** Continues from a state of the same configuration. */
  restore({ step, arrays }: TrainerState): void {
    const missing = this.#store.names().filter((name) => arrays[name] === undefined);
    if (missing.length > 0)
      throw invalidInput(`The training state lacks ${missing.slice(0, 3).join(', ')} (${missing.length} arrays).`);
    for (const name of this.#store.names()) this.#store.set(name, arrays[name]!);
    this.#step = step;
  }

  async dispose(): Promise<void> {
    const programs = await Promise.all(this.#programs.values());
    this.#programs.clear();
    await Promise.all(programs.map((program) => program.dispose()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** Runs batch by batch and hands the rows' results back in the order of the data. */
  async #overBatches<S extends Sequence>(
    data: readonly S[],
    signal: AbortSignal | undefined,
    run: (batch: Batch<S>, arrays: Record<string, HostArray>) => Promise<HostArray>,
  ): Promise<number[][]> {
    const results = new Map<S, number[]>();
    for (const batch of intoBatches(data, this.config, this.#options.maxBatchTokens)) {
      signal?.throwIfAborted();
      const values = (await run(batch, await batchArrays(batch, this.config, this.#readPatches))).data;
      let at = 0;
      for (const sequence of batch.sequences) {
        const end = at + sequence.completionTokens.length;
        results.set(sequence, Array.from(values.subarray(at, end)));
        at = end;
      }
    }
    return data.map((sequence) => results.get(sequence)!);
  }

  #program(key: string, define: () => ProgramDefinition): Promise<Program> {
    const { threads } = this.#options;
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = compile(define(), threads === undefined ? {} : { threads });
      this.#programs.set(key, program);
    }
    return program;
  }
}

/** One per-token input of a batch, in the order of its rows. */
function tokenInput({ sequences }: Batch<LossSequence>, name: string, loss: string): HostArray {
  const values: number[] = [];
  for (const { completionTokens, inputs } of sequences) {
    const given = inputs[name];
    if (given?.length !== completionTokens.length) {
      throw invalidInput(
        `The loss ${loss} needs "${name}" for each of ${completionTokens.length} tokens, and was given ${given?.length ?? 'none'}.`,
      );
    }
    values.push(...given);
  }
  return float32([values.length], values);
}

function knownSettings(
  given: Readonly<Record<string, number>>,
  known: Readonly<Record<string, number>>,
  loss: string,
): Readonly<Record<string, number>> {
  for (const name of Object.keys(given)) {
    if (known[name] === undefined) {
      throw invalidInput(
        `The loss ${loss} has no setting "${name}".`,
        `It has: ${Object.keys(known).join(', ') || 'none'}.`,
      );
    }
  }
  return given;
}

/** A checkpoint's arrays must be the model's, no more and no fewer. */
export function checkParameters(specs: ParameterSpecs, parameters: Readonly<Record<string, HostArray>>): void {
  for (const [name, { shape }] of Object.entries(specs)) {
    const given = parameters[name];
    if (given?.dtype !== 'float32' || given.shape.join() !== shape.join()) {
      throw invalidInput(
        `The weights of "${name}" are ${given === undefined ? 'missing' : `${given.dtype}[${given.shape.join(', ')}]`}; the configuration needs float32[${shape.join(', ')}].`,
      );
    }
  }
  const unknown = Object.keys(parameters).filter((name) => specs[name] === undefined);
  if (unknown.length > 0) {
    throw new GlobeError({ code: 'invalid-input', message: `The configuration has no parameter "${unknown[0]}".` });
  }
}
