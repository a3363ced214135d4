/**
 * Geo-localization as classification: the image encoder and one linear layer over a fixed set of cells, each known by its centre. Which
 * cells there are, and which cell a photo belongs to (the nearest centre), is decided when it is made.
 */
import type { Coordinate } from '../../core/coordinate.ts';
import { distanceKm } from '../../core/distance.ts';
import { invalidInput } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import {
  accumulate,
  float32,
  type HostArray,
  input,
  int32,
  logProbability,
  mul,
  neg,
  type ProgramDefinition,
  reduceSum,
  softmax,
  type Tensor,
} from '../../tensor/index.ts';
import { imagePatches, type NanoConfig } from '../config.ts';
import { type PatchReader, patchReader } from '../image/patches.ts';
import { imageArrays } from '../learning/batch.ts';
import { gradientsOf, type OptimizerOptions } from '../learning/graphs.ts';
import { TrainedWeights, type TrainerState } from '../learning/trained-weights.ts';
import { linear } from '../model/layers.ts';
import { initialParameters, newParameters, type Parameters } from '../model/parameters.ts';
import { encodePatches, poolImage } from '../model/vision-encoder.ts';

export type GeocellOptions = {
  readonly config: NanoConfig;
  /** Centres of the cells. */
  readonly cells: readonly Coordinate[];
  /** Weights to begin from, by name; the encoder of a checkpoint fits. The rest begins from `seed`. */
  readonly parameters?: Readonly<Record<string, HostArray>>;
  readonly seed?: number;
  readonly optimizer?: OptimizerOptions;
  readonly threads?: number;
  readonly readPatches?: PatchReader;
};

export type CellPrediction = { readonly cell: number; readonly centre: Coordinate; readonly probability: number };

export class GeocellClassifier {
  readonly cells: readonly Coordinate[];
  readonly #config: NanoConfig;
  readonly #weights: TrainedWeights;
  readonly #readPatches: PatchReader;

  constructor({ config, cells, parameters = {}, seed = 0, optimizer, threads, readPatches }: GeocellOptions) {
    if (cells.length < 2) throw invalidInput(`A classifier needs at least 2 cells, and was given ${cells.length}.`);
    this.cells = cells;
    this.#config = config;
    this.#readPatches = readPatches ?? patchReader(config);
    const p = newParameters();
    this.#logits(p);
    const begin = initialParameters(p.specs, seed);
    const known = Object.entries(parameters).filter(([name]) => p.specs[name] !== undefined);
    this.#weights = new TrainedWeights({
      specs: p.specs,
      parameters: { ...begin, ...Object.fromEntries(known) },
      ...(optimizer && { optimizer }),
      ...(threads !== undefined && { threads }),
    });
  }

  /** The cell whose centre is nearest. */
  cellOf(position: Coordinate): number {
    const distances = this.cells.map((centre) => distanceKm(centre, position));
    return distances.indexOf(Math.min(...distances));
  }

  /** One step of cross-entropy on images and where they were taken; gives the mean loss. */
  async train(
    examples: readonly { readonly image: PreparedImage; readonly position: Coordinate }[],
    { learningRate }: { readonly learningRate: number },
  ): Promise<{ readonly loss: number; readonly gradientNorm: number }> {
    const images = await this.#feeds(examples.map(({ image }) => image));
    const cells = int32(
      [examples.length],
      examples.map(({ position }) => this.cellOf(position)),
    );
    const share = float32([], [1 / examples.length]);
    const { loss } = await this.#weights.run('loss', () => this.#lossGraph(), { ...images, cells, share });
    return { loss: loss!.data[0]!, ...(await this.#weights.optimStep({ learningRate })) };
  }

  /** For each image the `count` most probable cells, the most probable first. */
  async predict(images: readonly PreparedImage[], count = 1): Promise<CellPrediction[][]> {
    const define = (): ProgramDefinition => ({ outputs: { probabilities: softmax(this.#logits(newParameters())) } });
    const { probabilities } = await this.#weights.run('predict', define, await this.#feeds(images));
    return images.map((_, i) =>
      Array.from(probabilities!.data.subarray(i * this.cells.length, (i + 1) * this.cells.length))
        .map((probability, cell) => ({ cell, centre: this.cells[cell]!, probability }))
        .toSorted((a, b) => b.probability - a.probability)
        .slice(0, count),
    );
  }

  parameters(): Record<string, HostArray> {
    return this.#weights.parameters();
  }

  state(): TrainerState {
    return this.#weights.state();
  }

  restore(state: TrainerState): void {
    this.#weights.restore(state);
  }

  async dispose(): Promise<void> {
    await this.#weights.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #logits(p: Parameters): Tensor {
    const pooled = poolImage(encodePatches(p.within('vision'), patchesInput(this.#config), this.#config));
    return linear(p.within('geocell'), pooled, { out: this.cells.length, bias: true });
  }

  #lossGraph(): ProgramDefinition {
    const p = newParameters();
    const logprobs = logProbability(this.#logits(p), input('cells', ['images'], 'int32'));
    const loss = mul(neg(reduceSum(logprobs)), input('share', []));
    return { outputs: { loss }, updates: accumulate(gradientsOf(loss, p)) };
  }

  async #feeds(images: readonly PreparedImage[]): Promise<Record<string, HostArray>> {
    return patchFeeds(images, this.#config, this.#readPatches);
  }
}

/** One row of patches per image. */
export const patchesInput = (config: NanoConfig): Tensor =>
  input('patches', ['images', imagePatches(config), config.image.patchPixels ** 2 * 3]);

/** The same image twice is two rows. */
export async function patchFeeds(
  images: readonly PreparedImage[],
  config: NanoConfig,
  readPatches: PatchReader,
): Promise<Record<string, HostArray>> {
  const numbered = images.map((image, i) => ({ ...image, sha256: `${i}:${image.sha256}` }));
  const own = new Map(numbered.map((image, i) => [image, images[i]!]));
  const { patches } = await imageArrays(numbered, config, (image) => readPatches(own.get(image)!));
  return { patches };
}
