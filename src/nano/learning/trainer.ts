/**
 * Training primitives of the embedded model: log-probabilities, losses with gradients, and optimizer steps. The caller
 * chooses the data and when to take a step.
 */
import { invalidInput } from '../../core/errors.ts';
import { float32, type HostArray, type ProgramDefinition } from '../../tensor/index.ts';
import type { NanoConfig } from '../config.ts';
import { type PatchReader, patchReader } from '../image/patches.ts';
import { type Batch, batchArrays, intoBatches, type Sequence } from './batch.ts';
import { type LearningProgram, logprobsGraph, lossGraph, parameterSpecs } from './graphs.ts';
import { lossNamed } from './losses.ts';
import { type LearningOptions, TrainedWeights, type TrainerState, type WeightSource } from './trained-weights.ts';

/** A sequence with the per-token inputs of its loss, by name. Each array is as long as the completion. */
export type LossSequence = Sequence & { readonly inputs: Readonly<Record<string, readonly number[]>> };

export type LossRequest = {
  /** Name of a loss in losses.ts. */
  readonly loss: string;
  /** Overrides for the loss's default settings, such as clipLow. */
  readonly settings?: Readonly<Record<string, number>>;
  readonly signal?: AbortSignal;
};

export type LossResult = {
  /** The loss, summed over all tokens. */
  readonly loss: number;
  /** Log-probability of every completion token. There is one list per sequence, in the order of the data. */
  readonly logprobs: readonly (readonly number[])[];
};

export type TrainerOptions = LearningOptions &
  WeightSource & {
    readonly config: NanoConfig;
    /** Maximum number of positions per batch, including padding. */
    readonly maxBatchTokens?: number;
    readonly readPatches?: PatchReader;
  };

export class NanoTrainer {
  readonly config: NanoConfig;
  readonly #options: TrainerOptions;
  readonly #weights: TrainedWeights;
  readonly #readPatches: PatchReader;

  constructor(options: TrainerOptions) {
    this.config = options.config;
    this.#options = options;
    this.#readPatches = options.readPatches ?? patchReader(options.config);
    this.#weights = new TrainedWeights({ ...options, specs: parameterSpecs(options.config) });
  }

  /** Number of optimizer steps so far. */
  get step(): number {
    return this.#weights.step;
  }

  parameters(): Record<string, HostArray> {
    return this.#weights.parameters();
  }

  /**
   * Adds the gradient of the summed loss to the accumulated gradients. If a call is aborted between batches, the
   * accumulated gradients contain only some of the batches, so the caller must restore a saved state.
   */
  async forwardBackward(
    data: readonly LossSequence[],
    { loss, settings = {}, signal }: LossRequest,
  ): Promise<LossResult> {
    const definition = lossNamed(loss);
    const numbers = { ...definition.settings, ...knownSettings(settings, definition.settings, loss) };
    const scalars = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, float32([], [value])]));
    let total = 0;
    const logprobs = await this.#overBatches(data, signal, async (batch, arrays) => {
      const define = (): LearningProgram =>
        lossGraph({
          config: this.config,
          loss: definition,
          images: batch.images,
          ...(this.#options.trainable && { trainable: this.#options.trainable }),
        });
      const inputs = Object.fromEntries(definition.tokenInputs.map((name) => [name, tokenInput(batch, name, loss)]));
      const outputs = await this.#weights.accumulate(`loss:${loss}:${batch.images}`, define, {
        ...arrays,
        ...inputs,
        ...scalars,
      });
      total += outputs['loss']!.data[0]!;
      return outputs['logprobs']!;
    });
    return { loss: total, logprobs };
  }

  /** Takes one AdamW step with the accumulated gradients, then clears them. */
  optimStep(step: { readonly learningRate: number; readonly step?: number }): { readonly gradientNorm: number } {
    return this.#weights.optimStep(step);
  }

  /** Computes the log-probability of every completion token with teacher forcing. */
  computeLogprobs(data: readonly Sequence[], { signal }: { readonly signal?: AbortSignal } = {}): Promise<number[][]> {
    return this.#overBatches(data, signal, async ({ images }, arrays) => {
      const define = (): ProgramDefinition => logprobsGraph(this.config, images);
      return (await this.#weights.run(`logprobs:${images}`, define, arrays))['logprobs']!;
    });
  }

  /** Returns parameters, moments, accumulated gradients and the step count. */
  state(): TrainerState {
    return this.#weights.state();
  }

  /** Replaces the current state by a saved state of a model with the same configuration. */
  restore(state: TrainerState): void {
    this.#weights.restore(state);
  }

  async dispose(): Promise<void> {
    await this.#weights.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** Splits the data into batches, runs each, and returns one list per sequence in the order of the data. */
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
}

/** Returns one per-token input of the loss for a whole batch, in the order of the batch's rows. */
function tokenInput({ sequences }: Batch<LossSequence>, name: string, loss: string): HostArray {
  const values: number[] = [];
  for (const { completionTokens, inputs } of sequences) {
    const given = inputs[name];
    if (given?.length !== completionTokens.length) {
      throw invalidInput(
        `The loss ${loss} needs one value of "${name}" for each of ${completionTokens.length} tokens, but got ${given?.length ?? 'none'}.`,
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
        `Its settings are: ${Object.keys(known).join(', ') || 'none'}.`,
      );
    }
  }
  return given;
}
