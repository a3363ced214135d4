/**
 * The configuration of a nano model, which a checkpoint stores as config.json. There are two backbones, 'vit' and
 * 'mixer', which differ in encoder, norm, activation and position embeddings. All other code works with both.
 */
import { z } from 'zod';
import { invalidInput } from '../core/errors.ts';

const size = z.int().positive();

const visionConfig = z.strictObject({
  /**
   * 'transformer' uses bidirectional attention over patches. 'mixer' alternates MLPs over patches and MLPs over
   * channels.
   */
  kind: z.enum(['transformer', 'mixer']),
  width: size,
  layers: size,
  /** Number of attention heads. A mixer ignores this field. */
  heads: size,
  mlpWidth: size,
});

const decoderConfig = z.strictObject({
  width: size,
  layers: size,
  heads: size,
  /** Number of key-value heads. Each key-value head serves heads / keyValueHeads query heads. */
  keyValueHeads: size,
  mlpWidth: size,
  norm: z.enum(['rms', 'layer']),
  activation: z.enum(['swiglu', 'gelu']),
  positions: z.enum(['rotary', 'learned']),
});

/** Fields of the vision part. Classifiers and retrievers have only this part and no decoder. */
export const encoderFields = {
  image: z.strictObject({
    /** Side of the square to which photos are scaled. */
    sizePixels: size,
    patchPixels: size,
    /** Each square of mergePatches × mergePatches patches becomes one token. */
    mergePatches: size,
  }),
  vision: visionConfig,
};

/** Adds a validation issue for each encoder size that is not a multiple of its divisor. */
export function checkEncoder({ image, vision }: EncoderConfig, context: z.RefinementCtx): void {
  checkDivides(context, {
    length: image.sizePixels,
    by: image.patchPixels * image.mergePatches,
    rule: 'the image size must be a multiple of the merged patch size',
  });
  if (vision.kind === 'transformer') {
    checkDivides(context, {
      length: vision.width,
      by: vision.heads,
      rule: 'the vision width must be a multiple of the number of heads',
    });
  }
}

function checkDivides(
  context: z.RefinementCtx,
  { length, by, rule }: { readonly length: number; readonly by: number; readonly rule: string },
): void {
  if (length % by !== 0) context.addIssue({ code: 'custom', message: `${rule}: ${length} is not a multiple of ${by}` });
}

const nanoConfigSchema = z
  .strictObject({
    model_type: z.literal('globe-nano'),
    vocabularySize: size,
    /** Maximum number of positions for image tokens, prompt and completion together. */
    contextTokens: size,
    ...encoderFields,
    decoder: decoderConfig,
  })
  .superRefine((config, context) => {
    const { heads, keyValueHeads, width } = config.decoder;
    checkEncoder(config, context);
    checkDivides(context, {
      length: heads,
      by: keyValueHeads,
      rule: 'the number of heads must be a multiple of the number of key-value heads',
    });
    checkDivides(context, {
      length: width,
      by: heads * 8,
      rule: 'the decoder width must be a multiple of 8 times the number of heads',
    });
  });

export type NanoConfig = Readonly<z.infer<typeof nanoConfigSchema>>;

/** Configuration of the vision part. */
export type EncoderConfig = {
  readonly image: Readonly<z.infer<typeof encoderFields.image>>;
  readonly vision: Readonly<z.infer<typeof visionConfig>>;
};

/** Parses the content of config.json. Throws `invalid-input` with the name of the invalid field. */
export function parseNanoConfig(document: unknown, label = 'The configuration'): NanoConfig {
  const parsed = nanoConfigSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw invalidInput(`${label} is not a nano model's configuration: ${z.prettifyError(parsed.error)}`);
}

/** Number of decoder tokens per image. */
export const imageTokens = ({ image }: EncoderConfig): number =>
  (image.sizePixels / image.patchPixels / image.mergePatches) ** 2;

/** Number of patches per image. */
export const imagePatches = ({ image }: EncoderConfig): number => (image.sizePixels / image.patchPixels) ** 2;

/** Width of one attention head of the decoder. */
export const headWidth = ({ decoder }: NanoConfig): number => decoder.width / decoder.heads;

export type NanoSize = 'tiny' | 'small' | 'medium' | 'base';
export type NanoBackbone = 'vit' | 'mixer';

type Numbers = {
  readonly image: readonly [sizePixels: number, patchPixels: number, mergePatches: number];
  readonly vision: readonly [width: number, layers: number, heads: number, mlpWidth: number];
  readonly decoder: readonly [width: number, layers: number, heads: number, keyValueHeads: number, mlpWidth: number];
  readonly contextTokens: number;
};

/** 'tiny' is for tests. 'small' learns the miniature world in minutes. 'medium' has more image tokens. */
const sizes: Readonly<Record<NanoSize, Numbers>> = {
  tiny: { image: [32, 8, 2], vision: [32, 1, 2, 64], decoder: [32, 2, 4, 2, 64], contextTokens: 128 },
  small: { image: [96, 8, 3], vision: [96, 2, 3, 384], decoder: [128, 4, 4, 2, 352], contextTokens: 384 },
  medium: { image: [96, 8, 2], vision: [128, 3, 4, 512], decoder: [128, 4, 4, 2, 352], contextTokens: 384 },
  base: { image: [64, 8, 2], vision: [192, 3, 3, 768], decoder: [256, 6, 4, 2, 704], contextTokens: 512 },
};

export type NanoConfigOptions = {
  readonly size: NanoSize;
  /**
   * 'vit' has a transformer encoder, RMS norms, SwiGLU and rotary positions. 'mixer' has an MLP-mixer, layer norms,
   * GELU and learned positions.
   */
  readonly backbone?: NanoBackbone;
  readonly vocabularySize: number;
};

/** Returns the encoder's configuration for a size and backbone. */
export function encoderConfig({ size, backbone = 'vit' }: Omit<NanoConfigOptions, 'vocabularySize'>): EncoderConfig {
  const { image, vision } = sizes[size];
  const [sizePixels, patchPixels, mergePatches] = image;
  const [width, layers, heads, mlpWidth] = vision;
  return {
    image: { sizePixels, patchPixels, mergePatches },
    vision: { kind: backbone === 'vit' ? 'transformer' : 'mixer', width, layers, heads, mlpWidth },
  };
}

/** Returns the configuration of a size and backbone. */
export function nanoConfig({ size, backbone = 'vit', vocabularySize }: NanoConfigOptions): NanoConfig {
  const { decoder, contextTokens } = sizes[size];
  const [width, layers, heads, keyValueHeads, mlpWidth] = decoder;
  const vit = backbone === 'vit';
  return parseNanoConfig({
    model_type: 'globe-nano',
    vocabularySize,
    contextTokens,
    ...encoderConfig({ size, backbone }),
    decoder: {
      width,
      layers,
      heads,
      keyValueHeads,
      mlpWidth,
      norm: vit ? 'rms' : 'layer',
      activation: vit ? 'swiglu' : 'gelu',
      positions: vit ? 'rotary' : 'learned',
    },
  });
}
