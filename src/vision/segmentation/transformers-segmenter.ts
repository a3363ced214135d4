/**
 * Semantic segmentation in this process, with any ONNX model for the image-segmentation task of
 * @huggingface/transformers (SegFormer, MaskFormer, DETR). The model is a repository name or a local folder. The
 * default model knows the 150 classes of ADE20K.
 */
import PQueue from 'p-queue';
import sharp from 'sharp';
import { z } from 'zod';
import { GlobeError, messageOf } from '../../core/errors.ts';
import type { VisualElement } from '../../core/visual-element.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import type { Segmenter } from '../segmenter.ts';
import { loadLocalModel } from '../transformers/local-files.ts';
import type { LocalModelOptions } from '../transformers/local-model-options.ts';

/** Labels with a smaller share of the image are dropped as border noise. Our choice. */
const DEFAULT_MIN_SHARE = 0.001;

/**
 * Photos are reduced to this longest edge, which is enough to measure shares. For 150 classes and a photo of three
 * megapixels, the library would otherwise need 1.8 GB of memory. Our choice; the models work at 512 × 512 or 640 × 640.
 */
const DEFAULT_MAX_EDGE_PIXELS = 512;

export type SegmenterOptions = LocalModelOptions & { readonly minShare?: number; readonly maxEdgePixels?: number };

/** Opens a Hugging Face repository, or a local folder with the same layout. Throws `not-found` if files are missing. */
export async function openTransformersSegmenter(
  source: string,
  { minShare = DEFAULT_MIN_SHARE, maxEdgePixels = DEFAULT_MAX_EDGE_PIXELS, ...options }: SegmenterOptions,
): Promise<Segmenter & AsyncDisposable> {
  const [segment, RawImage] = await loadLocalModel(source, options, async (library, where, files) => [
    await library.pipeline('image-segmentation', where, files),
    library.RawImage,
  ]);
  const queue = new PQueue({ concurrency: 1 });
  const name = `transformers:${source}`;

  async function decode({ bytes }: PreparedImage) {
    const { data, info } = await sharp(bytes)
      .resize({ width: maxEdgePixels, height: maxEdgePixels, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return new RawImage(new Uint8ClampedArray(data), info.width, info.height, 3);
  }

  async function run(prepared: PreparedImage): Promise<VisualElement[]> {
    const pixels = new Map<string, number>();
    let total = 0;
    try {
      for (const { label, mask } of await segment(await decode(prepared))) {
        total = mask.width * mask.height;
        let covered = 0;
        for (const value of mask.data) if (value > 0) covered += 1;
        // Add up the instances of a class, because together they are one element. Pixels without a winning class have
        // no label.
        pixels.set(labelName(label), (pixels.get(labelName(label)) ?? 0) + covered);
      }
    } catch (error) {
      throw new GlobeError({
        code: 'service',
        message: `${name} could not segment an image: ${messageOf(error)}`,
        hint: 'Check that the model is an image segmentation model.',
        cause: error,
      });
    }
    return [...pixels]
      .map(([label, count]) => ({ label, share: Math.min(1, count / total) }))
      .filter(({ share }) => share > 0 && share >= minShare)
      .toSorted((a, b) => b.share - a.share || (a.label < b.label ? -1 : 1));
  }

  const classes = classesSchema.safeParse(segment.model.config);
  return {
    name,
    ...(classes.success && { labels: [...new Set(Object.values(classes.data.id2label).map(labelName))] }),
    segment: async (image, { signal }) => {
      signal.throwIfAborted();
      return queue.add(async () => run(image), { signal });
    },
    [Symbol.asyncDispose]: async () => {
      await segment.dispose();
    },
  };
}

/** The model's classes, as its configuration lists them. */
const classesSchema = z.object({ id2label: z.record(z.string(), z.string()) });

/** Returns the first of several names ("building;edifice", "LABEL, other"), in lower case. */
const labelName = (label: string | null): string => (label ?? 'unlabelled').split(/[;,]/)[0]!.trim().toLowerCase();
