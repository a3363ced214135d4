/**
 * Trains an image encoder to name the elements of each patch. Only the encoder is saved, as the initial encoder of
 * language models and position models. The output layer for element names is used only in training.
 */
import {
  float32,
  type HostArray,
  input,
  logSoftmax,
  mul,
  neg,
  type ProgramDefinition,
  reduceSum,
  type Tensor,
} from '../../tensor/index.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { type EncoderConfig, imagePatches } from '../../nano/config.ts';
import { type PatchReader, patchReader, photoPatches } from '../../nano/image/patches.ts';
import type { OptimizerOptions } from '../../nano/learning/optimizer-step.ts';
import { TrainedWeights, type TrainerState } from '../../nano/learning/trained-weights.ts';
import { linear } from '../../nano/model/layers.ts';
import { initialParameters, newParameters, type Parameters } from '../../nano/model/parameters.ts';
import { encodePatches } from '../../nano/model/vision-encoder.ts';
import type { PatchLabels } from './patch-labels.ts';

export type VisionTowerOptions = {
  readonly encoder: EncoderConfig;
  /** Number of different elements. */
  readonly elements: number;
  readonly seed: number;
  readonly optimizer: OptimizerOptions;
  /** Number of photos whose pixels are cached in memory. */
  readonly cachedPhotos: number;
};

export type LabelledPhoto = { readonly image: PreparedImage; readonly labels: PatchLabels };

/** Prefix of the encoder's parameter names, the same as in a nano language model. */
export const VISION_PREFIX = 'vision.';

export class VisionTower {
  readonly #options: VisionTowerOptions;
  readonly #weights: TrainedWeights;
  readonly #readPatches: PatchReader;

  constructor(options: VisionTowerOptions) {
    const { encoder, seed, optimizer, cachedPhotos } = options;
    this.#options = options;
    this.#readPatches = patchReader(encoder, cachedPhotos);
    const p = newParameters();
    this.#logits(p);
    this.#weights = new TrainedWeights({ specs: p.specs, parameters: initialParameters(p.specs, seed), optimizer });
  }

  /** Takes one AdamW step on the mean cross-entropy of the patches' elements. */
  async train(
    photos: readonly LabelledPhoto[],
    step: { readonly learningRate: number },
  ): Promise<{ readonly loss: number; readonly gradientNorm: number }> {
    const loss = (p: Parameters): Tensor => {
      const targets = input('targets', ['images', this.#patches, this.#options.elements]);
      return mul(neg(reduceSum(mul(logSoftmax(this.#logits(p)), targets))), input('share', []));
    };
    const feeds = {
      patches: await this.#feed(photos),
      targets: this.#targets(photos),
      share: float32([], [1 / (photos.length * this.#patches)]),
    };
    return this.#weights.learn(loss, feeds, step);
  }

  /** Returns, for each photo, the union of the two most likely elements of each patch. */
  async name(photos: readonly LabelledPhoto[]): Promise<Set<number>[]> {
    const define = (): ProgramDefinition => ({ outputs: { logits: this.#logits(newParameters()) } });
    const { logits } = await this.#weights.run('name', define, { patches: await this.#feed(photos) });
    const { elements } = this.#options;
    const rows = logits!.data;
    return photos.map((_, i) => {
      const named = new Set<number>();
      for (let row = i * this.#patches; row < (i + 1) * this.#patches; row++) {
        let [first, second] = [-1, -1];
        for (let j = 0; j < elements; j++) {
          const value = rows[row * elements + j]!;
          if (first < 0 || value > rows[row * elements + first]!) [first, second] = [j, first];
          else if (second < 0 || value > rows[row * elements + second]!) second = j;
        }
        named.add(first).add(second);
      }
      return named;
    });
  }

  /** Returns the parameters of the encoder, with the same names as in a nano language model. */
  parameters(): Record<string, HostArray> {
    return Object.fromEntries(
      Object.entries(this.#weights.parameters()).filter(([name]) => name.startsWith(VISION_PREFIX)),
    );
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

  get #patches(): number {
    return imagePatches(this.#options.encoder);
  }

  /** Computes the logits of all elements in all patches. [images, patches, elements] */
  #logits(p: Parameters): Tensor {
    const { encoder, elements } = this.#options;
    const patches = input('patches', ['images', this.#patches, encoder.image.patchPixels ** 2 * 3]);
    return linear(p.within('naming'), encodePatches(p.within('vision'), patches, encoder), {
      out: elements,
      bias: true,
    });
  }

  #feed(photos: readonly LabelledPhoto[]): Promise<HostArray> {
    const images = photos.map(({ image }) => image);
    return photoPatches(images, this.#options.encoder, this.#readPatches);
  }

  #targets(photos: readonly LabelledPhoto[]): HostArray {
    const { elements } = this.#options;
    const size = this.#patches * elements;
    const data = new Float32Array(photos.length * size);
    for (const [i, { labels }] of photos.entries()) {
      for (const [j, patch] of labels.patches.entries()) {
        data[i * size + patch * elements + labels.labels[j]!] = labels.weights[j]!;
      }
    }
    return float32([photos.length, this.#patches, elements], data);
  }
}
