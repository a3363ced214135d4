/** Trains and runs a classifier or retriever in this process. The head defines the graphs. */
import type { Coordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import type { HostArray, ProgramDefinition } from '../../tensor/index.ts';
import { type PatchReader, patchReader, photoPatches } from '../image/patches.ts';
import type { OptimizerOptions } from '../learning/optimizer-step.ts';
import { TrainedWeights, type TrainerState } from '../learning/trained-weights.ts';
import { initialParameters, newParameters, type ParameterSpecs } from '../model/parameters.ts';
import type { Feeds, PositionHead } from './position-head.ts';

export type PositionModelOptions<Head extends PositionHead> = {
  readonly head: Head;
  /** All weights by name. The default is an untrained model. */
  readonly parameters?: Readonly<Record<string, HostArray>>;
  /**
   * Encoder weights by name, from a checkpoint with the same encoder, for a model without `parameters`. `seed`
   * initializes all other weights.
   */
  readonly encoderParameters?: Readonly<Record<string, HostArray>>;
  readonly seed?: number;
  readonly freezeEncoder?: boolean;
  readonly optimizer?: OptimizerOptions;
  readonly threads?: number;
  readonly readPatches?: PatchReader;
};

export type RankedPosition = {
  readonly coordinate: Coordinate;
  /** Confidence in [0, 1]. Its meaning depends on the head. */
  readonly confidence: number;
};

/** A photo and its true position. */
export type PositionExample = { readonly image: PreparedImage; readonly position: Coordinate };

export class PositionModel<Head extends PositionHead = PositionHead> {
  readonly head: Head;
  readonly #weights: TrainedWeights;
  readonly #readPatches: PatchReader;
  #prepared: Feeds | undefined;

  constructor(options: PositionModelOptions<Head>) {
    const { head, freezeEncoder = false, optimizer, threads, readPatches } = options;
    this.head = head;
    this.#readPatches = readPatches ?? patchReader(head.encoder);
    const specs = positionSpecs(head);
    this.#weights = new TrainedWeights({
      specs,
      parameters: options.parameters ?? beginning(specs, options),
      trainable: (name) => !(freezeEncoder && isOfEncoder(name)),
      ...(optimizer && { optimizer }),
      ...defined({ threads }),
    });
  }

  /** Takes one optimizer step on a batch. Returns the mean loss before the step. */
  async train(
    examples: readonly PositionExample[],
    step: { readonly learningRate: number },
  ): Promise<{ readonly loss: number; readonly gradientNorm: number }> {
    const { leastBatch } = this.head;
    if (examples.length < leastBatch) {
      throw invalidInput(`A batch needs at least ${leastBatch} photos; got ${examples.length}.`);
    }
    const photos = await this.#photos(examples.map(({ image }) => image));
    const feeds = { ...photos, ...this.head.lossFeeds(examples.map(({ position }) => position)) };
    const learnt = await this.#weights.learn((p) => this.head.loss(p), feeds, step);
    this.#prepared = undefined;
    return learnt;
  }

  /** Returns the `count` most probable positions of each photo, most probable first. */
  async rank(images: readonly PreparedImage[], { count = 1 } = {}): Promise<RankedPosition[][]> {
    if (images.length === 0) return [];
    const feeds = { ...(await this.#photos(images)), ...(await this.#prepare()) };
    const define = (): ProgramDefinition => ({
      outputs: { probabilities: this.head.probabilities(newParameters()) },
    });
    const { probabilities } = await this.#weights.run('probabilities', define, feeds);
    const { positions } = this.head;
    return images.map((_, i) => {
      const own = (probabilities!.data as Float32Array).subarray(i * positions.length, (i + 1) * positions.length);
      return largest(own, count).map((answer) => ({
        coordinate: positions[answer]!,
        confidence: this.head.confidence(own, answer),
      }));
    });
  }

  parameters(): Record<string, HostArray> {
    return this.#weights.parameters();
  }

  /** Returns weights, moments and the step count. */
  state(): TrainerState {
    return this.#weights.state();
  }

  /** Replaces the current state by a saved state of a model with the same head. */
  restore(state: TrainerState): void {
    this.#weights.restore(state);
    this.#prepared = undefined;
  }

  async dispose(): Promise<void> {
    await this.#weights.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #prepare(): Promise<Feeds> {
    const { prepare } = this.head;
    if (prepare === undefined) return {};
    return (this.#prepared ??= await this.#weights.run('prepare', prepare.define, prepare.feeds()));
  }

  async #photos(images: readonly PreparedImage[]): Promise<Feeds> {
    return { patches: await photoPatches(images, this.head.encoder, this.#readPatches) };
  }
}

/** Lists all parameters of a head's model, including the encoder. */
export function positionSpecs(head: PositionHead): ParameterSpecs {
  const p = newParameters();
  head.loss(p);
  return p.specs;
}

function beginning(
  specs: ParameterSpecs,
  { encoderParameters = {}, seed = 0 }: Pick<PositionModelOptions<PositionHead>, 'encoderParameters' | 'seed'>,
): Record<string, HostArray> {
  const encoder = Object.entries(encoderParameters).filter(([name]) => isOfEncoder(name));
  return { ...initialParameters(specs, seed), ...Object.fromEntries(encoder) };
}

const isOfEncoder = (name: string): boolean => name.startsWith('vision.');

/** Returns the indices of the `count` largest values, largest first. Equal values keep their order. */
function largest(values: Float32Array, count: number): number[] {
  if (count === 1) return [values.reduce((best, value, i) => (value > values[best]! ? i : best), 0)];
  return Array.from(values.keys())
    .toSorted((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, count);
}
