import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createSplitWriter } from '../../storage/dataset/write-dataset.ts';
import { exportPairs } from './export-pairs.ts';

const { signal } = new AbortController();
const PLACES = [
  ['Finland', 'Helsinki', 'tram'],
  ['Japan', 'Tokyo', 'gate'],
] as const;

let folder: string;
let lines: { messages: { role: string; content: string }[]; images: string[]; kind: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-export-'));
  const writer = createSplitWriter({ folder: join(folder, 'dataset/data'), split: 'train' });
  for (const [i, [country, city, thing]] of PLACES.entries()) {
    const image = sharp({ create: { width: 32, height: 32, channels: 3, background: { r: 90 * i, g: 50, b: 9 } } });
    await writer.add({
      id: `photo-${i}`,
      images: [{ bytes: await image.jpeg().toBuffer(), path: `${i}.jpg` }],
      response: `There is a ${thing}. A sign of ${country} is near. So this is ${city}, ${country}.`,
      country,
      city,
      entities: [thing],
    });
  }
  await writer.finish();
  await exportPairs({ dataset: join(folder, 'dataset'), out: join(folder, 'out'), seed: 1, signal });
  const text = await readFile(join(folder, 'out/pairs.jsonl'), 'utf8');
  lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as (typeof lines)[0]);
});

afterAll(() => rm(folder, { recursive: true }));

describe('exportPairs', () => {
  it('writes rows for ms-swift: system prompt, image with reasoning, one-word answer', async () => {
    expect(lines).toHaveLength(4);
    for (const { messages, images, kind } of lines) {
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
      expect(messages[1]!.content.match(/<image>/gu)).toHaveLength(1);
      expect(messages[2]!.content).toBe(kind === 'judged' ? 'yes' : 'no');
      expect((await sharp(await readFile(images[0]!)).metadata()).format).toBe('jpeg');
    }
  });

  it('writes the paper’s LoRA settings with the dataset’s path', async () => {
    const settings = parse(await readFile(join(folder, 'out/reward-model.yaml'), 'utf8')) as Record<string, unknown>;
    expect(settings).toMatchObject({
      lora_rank: 16,
      lora_alpha: 64,
      learning_rate: 1e-4,
      num_train_epochs: 2,
      max_length: 2048,
      dataset: [join(folder, 'out/pairs.jsonl')],
    });
  });
});
