/**
 * Geo-localization as retrieval: images and positions become unit vectors that are close when they belong together (contrastive, as
 * GeoCLIP and CLIP), and a photo is where the nearest positions of a gallery are.
 */
import type { Coordinate } from '../../core/coordinate.ts';
import { invalidInput } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import {
  accumulate,
  add,
  exp,
  float32,
  type HostArray,
  input,
  iota,
  l2Normalize,
  logProbability,
  matmul,
  minimum,
  mul,
  neg,
  type ProgramDefinition,
  reduceSum,
  type Tensor,
} from '../../tensor/index.ts';
import type { NanoConfig } from '../config.ts';
import { type PatchReader, patchReader } from '../image/patches.ts';
import { gradientsOf, type OptimizerOptions } from '../learning/graphs.ts';
import { TrainedWeights, type TrainerState } from '../learning/trained-weights.ts';
import { linear } from '../model/layers.ts';
import { initialParameters, newParameters, type Parameters } from '../model/parameters.ts';
import { encodePatches, poolImage } from '../model/vision-encoder.ts';
import { patchesInput, patchFeeds } from './geocell-classifier.ts';
import { encodeLocations, LOCATION_FEATURES, locationFeatures } from './location-encoder.ts';

export type RetrieverOptions = {
  readonly config: NanoConfig;
  /** Width of the shared space. */
  readonly width?: number;
  /** Weights to begin from, by name; the encoder of a checkpoint fits. The rest begins from `seed`. */
  readonly parameters?: Readonly<Record<string, HostArray>>;
  readonly seed?: number;
  readonly optimizer?: OptimizerOptions;
  readonly threads?: number;
  readonly readPatches?: PatchReader;
};

/** Positions to choose from, with their vectors under the weights at the time. */
export type Gallery = { readonly positions: readonly Coordinate[]; readonly vectors: Float32Array };

export type RetrievedPosition = {
  readonly position: Coordinate;
  /** Cosine of the angle between the two vectors. */
  readonly similarity: number;
  /** Softmax over the whole gallery at the learnt temperature: relative to this gallery, and not calibrated. */
  readonly probability: number;
};

/** CLIP's: the logarithm of 1 / 0.07 to begin with, and 100 at most. */
const INITIAL_SCALE = Math.log(1 / 0.07);
const LARGEST_SCALE = Math.log(100);
const HIDDEN = 256;

export class ImageRetriever {
  readonly #config: NanoConfig;
  readonly #width: number;
  readonly #weights: TrainedWeights;
  readonly #readPatches: PatchReader;

  constructor({ config, width = 128, parameters = {}, seed = 0, optimizer, threads, readPatches }: RetrieverOptions) {
    this.#config = config;
    this.#width = width;
    this.#readPatches = readPatches ?? patchReader(config);
    const p = newParameters();
    this.#towers(p);
    const known = Object.entries(parameters).filter(([name]) => p.specs[name] !== undefined);
    this.#weights = new TrainedWeights({
      specs: p.specs,
      parameters: { ...initialParameters(p.specs, seed), ...Object.fromEntries(known) },
      ...(optimizer && { optimizer }),
      ...(threads !== undefined && { threads }),
    });
  }

  /** One step of the symmetric contrastive loss: each image against all positions of the batch, each position against all images. */
  async train(
    examples: readonly { readonly image: PreparedImage; readonly position: Coordinate }[],
    { learningRate }: { readonly learningRate: number },
  ): Promise<{ readonly loss: number; readonly gradientNorm: number }> {
    if (examples.length < 2) throw invalidInput('A contrast needs at least 2 examples in a batch.');
    const images = await this.#feeds(examples.map(({ image }) => image));
    const feeds = {
      ...images,
      features: locationFeatures(examples.map(({ position }) => position)),
      share: float32([], [1 / (2 * examples.length)]),
    };
    const { loss } = await this.#weights.run('loss', () => this.#lossGraph(), feeds);
    return { loss: loss!.data[0]!, ...(await this.#weights.optimStep({ learningRate })) };
  }

  /** Encodes positions to be searched; to be made anew after training. */
  async gallery(positions: readonly Coordinate[]): Promise<Gallery> {
    const define = (): ProgramDefinition => ({ outputs: { vectors: this.#locations(newParameters(), 'images') } });
    const features = locationFeatures(positions);
    const { vectors } = await this.#weights.run('gallery', define, { features });
    return { positions, vectors: vectors!.data as Float32Array };
  }

  /** For each image the `count` nearest positions of the gallery, the nearest first. */
  async search(images: readonly PreparedImage[], gallery: Gallery, count = 1): Promise<RetrievedPosition[][]> {
    const define = (): ProgramDefinition => ({ outputs: { vectors: this.#images(newParameters()) } });
    const { vectors } = await this.#weights.run('search', define, await this.#feeds(images));
    const scale = Math.exp(Math.min(this.#weights.parameters()['retrieval.scale']!.data[0]!, LARGEST_SCALE));
    return images.map((_, i) => {
      const query = (vectors!.data as Float32Array).subarray(i * this.#width, (i + 1) * this.#width);
      const similarities = gallery.positions.map((_, j) => dot(query, gallery.vectors, j * this.#width));
      const largest = Math.max(...similarities);
      const mass = similarities.reduce((sum, s) => sum + Math.exp(scale * (s - largest)), 0);
      return similarities
        .map((similarity, j) => ({
          position: gallery.positions[j]!,
          similarity,
          probability: Math.exp(scale * (similarity - largest)) / mass,
        }))
        .toSorted((a, b) => b.similarity - a.similarity)
        .slice(0, count);
    });
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

  #images(p: Parameters): Tensor {
    const pooled = poolImage(encodePatches(p.within('vision'), patchesInput(this.#config), this.#config));
    return l2Normalize(linear(p.within('retrieval.image'), pooled, { out: this.#width, bias: true, deviation: 0.06 }));
  }

  #locations(p: Parameters, count: string): Tensor {
    const features = input('features', [count, LOCATION_FEATURES]);
    return encodeLocations(p.within('retrieval.location'), features, { width: this.#width, hidden: HIDDEN });
  }

  #towers(p: Parameters): { images: Tensor; locations: Tensor; scale: Tensor } {
    const scale = p.within('retrieval').get('scale', [], { kind: 'constant', value: INITIAL_SCALE });
    return { images: this.#images(p), locations: this.#locations(p, 'images'), scale };
  }

  #lossGraph(): ProgramDefinition {
    const p = newParameters();
    const { images, locations, scale } = this.#towers(p);
    const sharpness = exp(minimum(scale, LARGEST_SCALE));
    const own = iota('images');
    const toward = (a: Tensor, b: Tensor): Tensor =>
      reduceSum(logProbability(mul(matmul(a, b, { transposeB: true }), sharpness), own));
    const loss = mul(neg(add(toward(images, locations), toward(locations, images))), input('share', []));
    return { outputs: { loss }, updates: accumulate(gradientsOf(loss, p)) };
  }

  #feeds(images: readonly PreparedImage[]): Promise<Record<string, HostArray>> {
    return patchFeeds(images, this.#config, this.#readPatches);
  }
}

function dot(query: Float32Array, vectors: Float32Array, offset: number): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) sum += query[i]! * vectors[offset + i]!;
  return sum;
}
