import { expect, it } from 'vitest';
import { imageTokens, modelFamily } from './image-tokens.ts';

const size = (widthPixels: number, heightPixels: number) => ({ widthPixels, heightPixels });

it.each([
  // An image of 500 × 375 pixels has 18 × 13 cells of 28 pixels. One token before the image and one after it are added.
  ['http://127.0.0.1:8000/v1#Qwen/Qwen2.5-VL-72B-Instruct', size(500, 375), 236],
  ['Qwen/Qwen2-VL-7B-Instruct', size(500, 375), 236],
  ['Qwen/Qwen3-VL-8B-Instruct', size(1024, 768), 770],
  // The aspect ratio 4:3 gives 4 × 3 tiles and a thumbnail.
  ['OpenGVLab/InternVL3-78B', size(1024, 768), 3328],
  ['OpenGVLab/InternVL2_5-8B', size(448, 448), 256],
  ['https://api.openai.com/v1#gpt-4o', size(1024, 1024), 765],
  ['gpt-4o', size(500, 375), 255],
  ['gpt-4o-mini', size(500, 375), 8500],
  ['claude-sonnet-4-5', size(1000, 1000), 1334],
  ['google/gemma-3-27b-it', size(4000, 3000), 256],
  ['some-model', size(784, 10), 10],
])('%s counts the tokens of an image of %o', (model, image, tokens) => {
  expect(imageTokens(model, image)).toBe(tokens);
});

it('names the family, or no family for an unknown model', () => {
  expect(modelFamily('OpenGVLab/InternVL3-78B')).toBe('InternVL');
  expect(modelFamily('some-model')).toBeUndefined();
});
