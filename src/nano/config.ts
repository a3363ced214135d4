/**
 * What a nano model is made of: the config.json of a checkpoint. Two backbones are named below, different in encoder, norm,
 * activation and positions; everything else works on either.
 */
import { z } from 'zod';
import { invalidInput } from '../core/errors.ts';

const size = z.int().positive();

const visionConfig = z.strictObject({
  /** 'transformer': bidirectional attention over patches. 'mixer': MLPs over patches and over channels in turn. */
  kind: z.enum(['transformer', 'mixer']),
  width: size,
  layers: size,
  /** Attention heads; a mixer has none, and ignores it. */
  heads: size,
  mlpWidth: size,
});

const decoderConfig = z.strictObject({
  width: size,
  layers: size,
  heads: size,
  /** Heads of keys and values, each shared by heads / keyValueHeads queries. */
  keyValueHeads: size,
  mlpWidth: size,
  norm: z.enum(['rms', 'layer']),
  activation: z.enum(['swiglu', 'gelu']),
  positions: z.enum(['rotary', 'learned']),
});

const nanoConfigSchema = z
  .strictObject({
    model_type: z.literal('globe-nano'),
    vocabularySize: size,
    /** Positions: image tokens, prompt and completion together. */
    contextTokens: size,
    image: z.strictObject({
      /** Side of the square that photos are scaled to. */
      sizePixels: size,
      patchPixels: size,
      /** Neighbouring patches, this many by this many, that become one token. */
      mergePatches: size,
    }),
    vision: visionConfig,
    decoder: decoderConfig,
  })
  .superRefine(({ image, vision, decoder }, context) => {
    const divides = (a: number, b: number, message: string): void => {
      if (a % b !== 0) context.addIssue({ code: 'custom', message: `${message}: ${a} / ${b} is not whole` });
    };
    divides(image.sizePixels, image.patchPixels * image.mergePatches, 'the image must be whole merged patches');
    if (vision.kind === 'transformer') divides(vision.width, vision.heads, 'the vision width must be whole heads');
    divides(decoder.heads, decoder.keyValueHeads, 'each key-value head must serve whole heads');
    divides(decoder.width, decoder.heads * 8, 'a decoder head must be a multiple of 8 wide');
  });

export type NanoConfig = Readonly<z.infer<typeof nanoConfigSchema>>;

/** Reads a config.json. Throws `invalid-input` that says which field is wrong. */
export function parseNanoConfig(document: unknown, label = 'The configuration'): NanoConfig {
  const parsed = nanoConfigSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw invalidInput(`${label} is not a nano model's: ${z.prettifyError(parsed.error)}`);
}

/** Tokens that an image takes in the decoder. */
export const imageTokens = ({ image }: NanoConfig): number =>
  (image.sizePixels / image.patchPixels / image.mergePatches) ** 2;

/** Patches that the encoder sees. */
export const imagePatches = ({ image }: NanoConfig): number => (image.sizePixels / image.patchPixels) ** 2;

/** Width of one decoder head. */
export const headWidth = ({ decoder }: NanoConfig): number => decoder.width / decoder.heads;

export type NanoSize = 'tiny' | 'small' | 'base';
export type NanoBackbone = 'vit' | 'mixer';

type Numbers = {
  readonly image: readonly [sizePixels: number, patchPixels: number];
  readonly vision: readonly [width: number, layers: number, heads: number, mlpWidth: number];
  readonly decoder: readonly [width: number, layers: number, heads: number, keyValueHeads: number, mlpWidth: number];
  readonly contextTokens: number;
};

/** tiny is for tests; small learns the miniature world in minutes; base is what is worth shipping. */
const sizes: Readonly<Record<NanoSize, Numbers>> = {
  tiny: { image: [32, 8], vision: [32, 1, 2, 64], decoder: [32, 2, 4, 2, 64], contextTokens: 128 },
  small: { image: [64, 8], vision: [96, 2, 3, 384], decoder: [128, 4, 4, 2, 352], contextTokens: 384 },
  base: { image: [64, 8], vision: [192, 3, 3, 768], decoder: [256, 6, 4, 2, 704], contextTokens: 512 },
};

export type NanoConfigOptions = {
  readonly size: NanoSize;
  /** 'vit': transformer encoder, RMS norms, SwiGLU, rotary positions. 'mixer': MLP-mixer, layer norms, GELU, learned positions. */
  readonly backbone?: NanoBackbone;
  readonly vocabularySize: number;
};

/** A named configuration. */
export function nanoConfig({ size, backbone = 'vit', vocabularySize }: NanoConfigOptions): NanoConfig {
  const { image, vision, decoder, contextTokens } = sizes[size];
  const [width, layers, heads, keyValueHeads, mlpWidth] = decoder;
  const vit = backbone === 'vit';
  return parseNanoConfig({
    model_type: 'globe-nano',
    vocabularySize,
    contextTokens,
    image: { sizePixels: image[0], patchPixels: image[1], mergePatches: 2 },
    vision: {
      kind: vit ? 'transformer' : 'mixer',
      width: vision[0],
      layers: vision[1],
      heads: vision[2],
      mlpWidth: vision[3],
    },
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
