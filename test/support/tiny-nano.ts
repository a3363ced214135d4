/**
 * A nano model that is small enough for tests: a configuration, a tokenizer, weights from a seed, and images of four
 * squares.
 */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { PreparedImage } from '../../src/image/prepared-image.ts';
import type { Checkpoint } from '../../src/nano/checkpoint.ts';
import { nanoConfig, type NanoBackbone } from '../../src/nano/config.ts';
import { EmbeddedBackend } from '../../src/training/backends/embedded-backend.ts';
import { initialParameters } from '../../src/nano/model/parameters.ts';
import { NanoModel } from '../../src/locator/nano-model.ts';
import { openTokenizer, tokenizerDocument } from '../../src/nano/tokenizer/tokenizer.ts';
import { trainBpe } from '../../src/nano/tokenizer/train-bpe.ts';
import { parameterSpecs } from '../../src/nano/learning/graphs.ts';

const corpus = [
  '<think>The roofs are red and the tram is cream.</think><answer>country: Czechia\ncity: Prague</answer>',
  '<think>The beach is wide and the signs are Portuguese.</think><answer>country: Brazil\ncity: Rio de Janeiro</answer>',
  'Where was this photo taken? Think first, then give the country and the city.',
];

export function tinyCheckpoint({
  backbone = 'vit',
  seed = 1,
}: { backbone?: NanoBackbone; seed?: number } = {}): Checkpoint {
  const tokenizer = openTokenizer(tokenizerDocument(trainBpe([...corpus, ...corpus], { vocabularySize: 320 })));
  const config = nanoConfig({ size: 'tiny', backbone, vocabularySize: tokenizer.size });
  return { config, tokenizer, parameters: initialParameters(parameterSpecs(config), seed) };
}

/** Draws a 32 × 32 PNG of four squares, whose colours encode the bits of `number`. */
export async function numberedImage(number: number): Promise<PreparedImage> {
  const size = 32;
  const pixels = Buffer.alloc(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const square = (y < size / 2 ? 0 : 2) + (x < size / 2 ? 0 : 1);
      for (let channel = 0; channel < 3; channel++) {
        const bit = (number >> (square * 3 + channel)) & 1;
        pixels[(y * size + x) * 3 + channel] = bit === 1 ? 230 : 25;
      }
    }
  }
  const bytes = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, mediaType: 'image/png', widthPixels: size, heightPixels: size, sha256 };
}

/** Returns a model that was trained to give one answer, with or without an image. */
export async function nanoThatSays(answer: string): Promise<NanoModel> {
  return new NanoModel(await (taught[answer] ??= teach(answer)), { threads: 1 });
}

const taught: Record<string, Promise<Checkpoint>> = {};

async function teach(answer: string): Promise<Checkpoint> {
  await using backend = new EmbeddedBackend({ ...tinyCheckpoint(), threads: 1 });
  const tokens = backend.answerTokens(answer);
  const lossInputs = { weights: tokens.map(() => 1 / tokens.length) };
  const image = await numberedImage(7);
  const data = [{ image }, {}].map((shown) => ({
    prompt: { ...shown, tokens: backend.promptTokens({ prompt: 'Where?', image: 'image' in shown }) },
    tokens,
    lossInputs,
  }));
  for (let step = 0; step < 60; step++) {
    await backend.forwardBackward(data, { name: 'cross_entropy' });
    await backend.optimStep({ learningRate: 1e-2 });
  }
  const { config, tokenizer, engine } = backend;
  return { config, tokenizer, parameters: await engine.parameters() };
}
