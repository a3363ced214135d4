/**
 * Exports the data and settings for training the full-size reward model with ms-swift (LoRA rank 16, alpha 64, on
 * Qwen2.5-VL-7B). The export has JSONL, images and a YAML file for `swift sft --config`. The user starts the training.
 * A curated dataset has only verified reasoning texts. These are labelled yes, and corrupted copies of them are
 * labelled no.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { invalidInput } from '../../core/errors.ts';
import { LOCALIZABILITY_SYSTEM, localizabilityPrompt } from '../../prompts/localizability-prompt.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { datasetSource } from '../dataset-source.ts';
import { loadPhotos } from '../photo-source.ts';
import type { TrainingExample } from '../training-example.ts';
import type { JudgedReasoning } from './judged-reasoning.ts';
import { type Pair, pairsOf } from './pairs.ts';

/** The paper's settings (docs/fidelity.md) as flags of ms-swift 4.6. Batch 128 = 8 GPUs × batch 4 × accumulation 4. */
const LORA_SETTINGS = {
  model: 'Qwen/Qwen2.5-VL-7B-Instruct',
  tuner_type: 'lora',
  lora_rank: 16,
  lora_alpha: 64,
  target_modules: 'all-linear',
  freeze_vit: true,
  torch_dtype: 'bfloat16',
  learning_rate: 1e-4,
  num_train_epochs: 2,
  max_length: 2048,
  truncation_strategy: 'delete',
  per_device_train_batch_size: 4,
  gradient_accumulation_steps: 4,
  warmup_ratio: 0.05,
  save_total_limit: 2,
  logging_steps: 10,
} as const;

export type ExportOptions = {
  readonly dataset: string;
  readonly out: string;
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** Writes the export to the folder `out`. Throws `invalid-input` if a row lacks a reasoning text. */
export async function exportPairs({
  dataset,
  out,
  seed,
  signal,
}: ExportOptions): Promise<{ rows: number; yes: number }> {
  const examples = await loadPhotos(datasetSource(dataset), { split: 'train', seed, signal });
  const pairs = pairsOf(
    examples.map((example) => verifiedReasoning(example, dataset)),
    { seed },
  );
  const images = resolve(out, 'images');
  await mkdir(images, { recursive: true });
  const pathOf = (pair: Pair): string => join(images, `${pair.example.image.sha256}.jpg`);
  for (const pair of new Map(pairs.map((one) => [one.example.image.sha256, one])).values()) {
    signal.throwIfAborted();
    await writeFileAtomic(pathOf(pair), pair.example.image.bytes);
  }
  const lines = pairs.map((pair) => JSON.stringify(swiftRow(pair, pathOf(pair))));
  await writeFileAtomic(join(out, 'pairs.jsonl'), `${lines.join('\n')}\n`);
  const settings = { ...LORA_SETTINGS, dataset: [resolve(out, 'pairs.jsonl')], output_dir: resolve(out, 'output') };
  await writeFileAtomic(join(out, 'reward-model.yaml'), stringify(settings));
  return { rows: pairs.length, yes: pairs.filter(({ yes }) => yes).length };
}

function verifiedReasoning(example: TrainingExample, dataset: string): JudgedReasoning {
  const { reasoning, truth } = example;
  if (reasoning === undefined)
    throw invalidInput(`${dataset}: row ${example.id} has no reasoning.`, 'Use a curated dataset.');
  return { example, reasoning, annotator: 'curated', localizable: true, place: truth };
}

/** Returns a row of the training file: the localizability prompt and the correct answer, yes or no. */
function swiftRow({ example, reasoning, yes, kind }: Pair, path: string): object {
  return {
    messages: [
      { role: 'system', content: LOCALIZABILITY_SYSTEM },
      { role: 'user', content: `<image>${localizabilityPrompt(reasoning)}` },
      { role: 'assistant', content: yes ? 'yes' : 'no' },
    ],
    images: [path],
    sample_id: example.id,
    kind,
  };
}
