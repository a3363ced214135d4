/**
 * The embedded reward model: nano's image encoder, a bag of words for the reasoning text, and a head that answers yes
 * or no. One input of the head is the elementwise product of the image vector and the text vector, which is large if
 * the text names things in the photo. The encoder runs once per photo, for all reasoning texts about it.
 */
import { defined } from '../../core/defined.ts';
import {
  add,
  concat,
  float32,
  gather,
  gelu,
  type HostArray,
  input,
  logProbability,
  matmul,
  mul,
  neg,
  type ProgramDefinition,
  reduceMean,
  reshape,
  softplus,
  sub,
  type Tensor,
  transpose,
} from '../../tensor/index.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { imagePatches, nanoConfig, type NanoConfig } from '../../nano/config.ts';
import { type PatchReader, patchReader } from '../../nano/image/patches.ts';
import { imageArrays } from '../../nano/learning/batch.ts';
import type { OptimizerOptions } from '../../nano/learning/optimizer-step.ts';
import { TrainedWeights, type TrainerState } from '../../nano/learning/trained-weights.ts';
import { linear, norm } from '../../nano/model/layers.ts';
import { initialParameters, newParameters, normalInitial, type Parameters } from '../../nano/model/parameters.ts';
import { encodePatches } from '../../nano/model/vision-encoder.ts';
import { type TextReader, textReader } from './text-features.ts';

export type PairModelConfig = {
  readonly image: NanoConfig['image'];
  readonly vision: NanoConfig['vision'];
  /** Length of the vectors that represent the image and the reasoning text. */
  readonly width: number;
  readonly vocabulary: readonly string[];
};

export type PairModelOptions = {
  readonly config: PairModelConfig;
  /** Initial weights. The default is random weights from the seed. */
  readonly parameters?: Readonly<Record<string, HostArray>>;
  readonly seed?: number;
  /** Initial weights of the image encoder. Ignored if `parameters` is set. */
  readonly tower?: Readonly<Record<string, HostArray>>;
  /**
   * Labels of visual elements that the encoder also learns to name. The weights for this task are used only in training
   * and are not saved.
   */
  readonly elements?: readonly string[];
  readonly optimizer?: OptimizerOptions;
  readonly threads?: number;
  readonly readPatches?: PatchReader;
};

/** A pair with its label and the labels of the elements in its photo. */
export type LabelledPair = PairInput & { readonly yes: boolean; readonly shows?: readonly string[] };

export type PairInput = { readonly image: PreparedImage; readonly reasoning: string };

/**
 * Returns a nano configuration for the encoder. The encoder reads only `image` and `vision`, so the other fields have
 * arbitrary values.
 */
const encoderConfig = ({ image, vision }: PairModelConfig): NanoConfig => ({
  ...nanoConfig({ size: 'tiny', vocabularySize: 1 }),
  image,
  vision,
});

/** Maximum number of pairs per forward pass, to limit memory. */
const MAX_PAIRS = 512;

/** Weight of the contrastive loss relative to the judgement loss. This value is our choice. */
const CONTRAST_WEIGHT = 0.3;
/** Weight of the element loss, which is a sum over elements. This value is our choice. */
const ELEMENTS_WEIGHT = 0.1;
/** Prefix of the parameters that are used only in training. */
const ELEMENTS = 'elements';

export class PairModel {
  readonly config: PairModelConfig;
  readonly #nano: NanoConfig;
  readonly #weights: TrainedWeights;
  readonly #readPatches: PatchReader;
  readonly #readTexts: TextReader;
  readonly #elements: readonly string[];

  constructor(options: PairModelOptions) {
    const { config, parameters, seed = 0, tower = {}, elements = [], optimizer, threads, readPatches } = options;
    this.config = config;
    this.#nano = encoderConfig(config);
    this.#readPatches = readPatches ?? patchReader(this.#nano);
    this.#readTexts = textReader(config.vocabulary);
    const p = newParameters();
    this.#elements = elements;
    const { seen } = this.#forward(p);
    if (elements.length > 0) this.#elementLoss(p, seen);
    this.#weights = new TrainedWeights({
      specs: p.specs,
      parameters: parameters ?? { ...initialParameters(p.specs, seed), ...tower },
      ...(optimizer && { optimizer }),
      ...defined({ threads }),
    });
  }

  /** Takes one AdamW step on the weighted sum of the judgement, contrastive and element losses. */
  async train(
    pairs: readonly LabelledPair[],
    step: { readonly learningRate: number },
  ): Promise<{ readonly loss: number; readonly gradientNorm: number }> {
    const labels = float32(
      [pairs.length],
      pairs.map(({ yes }) => (yes ? 1 : 0)),
    );
    const loss = (p: Parameters): Tensor => {
      const { logits, likeness, imageOf, seen } = this.#forward(p);
      const labels = input('labels', ['pairs']);
      // The judgement loss is −log P(label) of a logistic model.
      const judgement = reduceMean(sub(softplus(logits), mul(logits, labels)));
      // The contrastive loss: the text of each pair labelled yes must identify its own photo among the photos of the
      // batch.
      const contrast = reduceMean(mul(neg(logProbability(likeness, imageOf)), labels));
      const total = add(judgement, mul(contrast, CONTRAST_WEIGHT));
      return this.#elements.length === 0 ? total : add(total, mul(this.#elementLoss(p, seen), ELEMENTS_WEIGHT));
    };
    return this.#weights.learn(loss, { ...(await this.#feeds(pairs)), ...this.#shown(pairs), labels }, step);
  }

  /** Returns the log-odds of yes for each pair, in order. */
  async logits(pairs: readonly PairInput[]): Promise<number[]> {
    const define = (): ProgramDefinition => ({ outputs: { logits: this.#forward(newParameters()).logits } });
    const all: number[] = [];
    for (let start = 0; start < pairs.length; start += MAX_PAIRS) {
      const feeds = await this.#feeds(pairs.slice(start, start + MAX_PAIRS));
      all.push(...(await this.#weights.run('logits', define, feeds))['logits']!.data);
    }
    return all;
  }

  /** Returns the parameters, without those that are used only in training. */
  parameters(): Record<string, HostArray> {
    const entries = Object.entries(this.#weights.parameters());
    return Object.fromEntries(entries.filter(([name]) => !name.startsWith(`${ELEMENTS}.`)));
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

  /**
   * Computes the forward pass: the `logits` of yes [pairs], the `likeness` of each reasoning text to each photo [pairs,
   * images], the index `imageOf` of each pair's photo [pairs], and the image vectors `seen` [images, width].
   */
  #forward(p: Parameters): { logits: Tensor; likeness: Tensor; imageOf: Tensor; seen: Tensor } {
    const { image, width, vocabulary } = this.config;
    const patches = input('patches', ['images', imagePatches(this.#nano), image.patchPixels ** 2 * 3]);
    const encoded = encodePatches(p.within('vision'), patches, this.#nano);
    // Without a nonlinearity before the mean, a thing in only one patch would hardly affect the image vector.
    const detected = gelu(linear(p.within('image'), encoded, { out: width, bias: true, deviation: 0.1 }));
    const seen = norm(p.within('seen'), reduceMean(detected, 1), 'layer');
    const table = p.get('words.weight', [vocabulary.length, width], normalInitial(0.5));
    const text = norm(p.within('said'), matmul(input('words', ['pairs', vocabulary.length]), table), 'layer');
    const imageOf = input('imageOf', ['pairs'], 'int32');
    const shown = gather(seen, imageOf);
    // Products of text features detect contradictions in the text, such as a tram in Prague's colours together with the
    // word Vienna.
    const together = mul(
      linear(p.within('first'), text, { out: width, deviation: 0.06 }),
      linear(p.within('second'), text, { out: width, deviation: 0.06 }),
    );
    const both = concat([mul(shown, text), shown, text, together], 1);
    const hidden = gelu(linear(p.within('head.up'), both, { out: width, bias: true, deviation: 0.05 }));
    const logits = reshape(linear(p.within('head.down'), hidden, { out: 1, bias: true }), ['pairs']);
    // The shape is [pairs, images].
    const likeness = mul(matmul(text, transpose(seen, [1, 0])), 1 / Math.sqrt(width));
    return { logits, likeness, imageOf, seen };
  }

  /** Computes the cross-entropy of naming a photo's elements, summed over elements and averaged over photos. */
  #elementLoss(p: Parameters, seen: Tensor): Tensor {
    const named = linear(p.within(ELEMENTS), seen, { out: this.#elements.length, bias: true });
    const shown = input('shown', ['images', this.#elements.length]);
    return mul(reduceMean(sub(softplus(named), mul(named, shown))), this.#elements.length);
  }

  /** Returns the targets of the element loss, with one row per distinct photo in the order of `imageArrays`. */
  #shown(pairs: readonly LabelledPair[]): Record<string, HostArray> {
    if (this.#elements.length === 0) return {};
    const distinct = [...new Map(pairs.map((pair) => [pair.image.sha256, pair.shows ?? []])).values()];
    const rows = distinct.flatMap((labels) => {
      const shown = new Set(labels);
      return this.#elements.map((element) => (shown.has(element) ? 1 : 0));
    });
    return { shown: float32([distinct.length, this.#elements.length], rows) };
  }

  async #feeds(pairs: readonly PairInput[]): Promise<Record<string, HostArray>> {
    const images = await imageArrays(
      pairs.map(({ image }) => image),
      this.#nano,
      this.#readPatches,
    );
    return { ...images, words: this.#readTexts(pairs.map(({ reasoning }) => reasoning)) };
  }
}
