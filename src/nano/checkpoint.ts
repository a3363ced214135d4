/**
 * Reads and writes a nano model in the Hugging Face folder layout: config.json, model.safetensors, tokenizer.json,
 * generation_config.json and a model card. training_state.safetensors has the optimizer's arrays, from which a run can
 * resume.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { PROMPT_FORMS, type PromptForm } from '../prompts/locate-prompt.ts';
import { shippedPath } from '../storage/package-files.ts';
import { type HostArray, writeSafetensors } from '../tensor/index.ts';
import { CHAT_TEMPLATE } from './chat-template.ts';
import {
  type CheckpointFile,
  readCheckpointJson,
  readCheckpointTensors,
  writeCheckpointFiles,
} from './checkpoint-files.ts';
import { type NanoConfig, parseNanoConfig } from './config.ts';
import { modelCard } from './model-card.ts';
import { checkParameters, type TrainerState } from './learning/trained-weights.ts';
import { parameterSpecs } from './learning/graphs.ts';
import { controlTokens, tokenIds } from './tokenizer/special-tokens.ts';
import { openTokenizer, type Tokenizer } from './tokenizer/tokenizer.ts';

export type Checkpoint = {
  readonly config: NanoConfig;
  readonly parameters: Readonly<Record<string, HostArray>>;
  readonly tokenizer: Tokenizer;
  /** Form of the locate prompt that the model was trained with; absent if generation_config.json does not name it. */
  readonly promptForm?: PromptForm;
};

const generationSchema = z.looseObject({ prompt_form: z.enum(PROMPT_FORMS).optional() });

const files = {
  config: 'config.json',
  weights: 'model.safetensors',
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  generation: 'generation_config.json',
  card: 'README.md',
  state: 'training_state.safetensors',
} as const;

/**
 * Writes a checkpoint. `description` is a paragraph for the model card about the training data and the intended use.
 */
export async function saveCheckpoint(
  folder: string,
  { config, parameters, tokenizer, promptForm }: Checkpoint,
  { description, state }: { readonly description?: string; readonly state?: TrainerState } = {},
): Promise<void> {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const generation = { eos_token_id: tokenIds.end, pad_token_id: tokenIds.pad, temperature: 1 };
  await writeCheckpointFiles(folder, [
    { name: files.config, content: json({ architectures: ['GlobeNano'], ...config }) },
    { name: files.tokenizer, content: json(tokenizer.json) },
    {
      name: files.tokenizerConfig,
      content: json({
        tokenizer_class: 'PreTrainedTokenizerFast',
        clean_up_tokenization_spaces: false,
        pad_token: controlTokens[tokenIds.pad],
        eos_token: controlTokens[tokenIds.end],
        model_max_length: config.contextTokens,
        chat_template: CHAT_TEMPLATE,
      }),
    },
    { name: files.generation, content: json({ ...generation, ...defined({ prompt_form: promptForm }) }) },
    { name: files.card, content: modelCard(config, description) },
    ...(state === undefined ? [] : [trainingStateFile(state)]),
    { name: files.weights, content: writeSafetensors(parameters, { format: 'globe-nano' }) },
  ]);
}

/** Reads a checkpoint. Throws `not-found` if a file is missing, and `invalid-input` if the files do not match. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const folder = shippedPath(path);
  const { architectures: _, ...document } = z.looseObject({}).parse(await readJson(folder, files.config));
  const config = parseNanoConfig(document, join(folder, files.config));
  const tokenizer = openTokenizer(await readJson(folder, files.tokenizer), join(folder, files.tokenizer));
  if (tokenizer.size > config.vocabularySize) {
    throw invalidInput(
      `${folder}: the tokenizer has ${tokenizer.size} tokens, but the model has ${config.vocabularySize}.`,
      'Use the tokenizer and the model of one checkpoint.',
    );
  }
  const { arrays } = await readCheckpointTensors(folder, files.weights, HINT);
  checkParameters(parameterSpecs(config), arrays);
  const { prompt_form: promptForm } = generationSchema.parse(await readJson(folder, files.generation));
  return { config, parameters: arrays, tokenizer, ...defined({ promptForm }) };
}

/** Returns the file of the training state, from which a run can resume. All kinds of checkpoint use this file. */
export function trainingStateFile({ step, arrays, workers }: TrainerState): CheckpointFile {
  const metadata = { step: String(step), ...(workers !== undefined && { workers: String(workers) }) };
  return { name: files.state, content: writeSafetensors(arrays, metadata) };
}

/** Reads the training state that was saved with a checkpoint. */
export async function loadTrainingState(folder: string): Promise<TrainerState> {
  const { arrays, metadata } = await readCheckpointTensors(folder, files.state, HINT);
  const step = Number(metadata['step']);
  if (!Number.isSafeInteger(step))
    throw invalidInput(
      `${join(folder, files.state)} has no valid step number: ${metadata['step'] ?? 'none'}.`,
      'Restore the file from a copy, or start a new run.',
    );
  const workers = metadata['workers'] === undefined ? undefined : Number(metadata['workers']);
  if (workers !== undefined && !(Number.isSafeInteger(workers) && workers >= 1)) {
    throw invalidInput(
      `${join(folder, files.state)} has no valid number of workers: ${metadata['workers']}.`,
      'Restore the file from a copy, or start a new run.',
    );
  }
  return { step, arrays, ...defined({ workers }) };
}

const HINT = `A nano checkpoint is a folder with ${files.config}, ${files.weights} and ${files.tokenizer}.`;

const readJson = (folder: string, name: string): Promise<unknown> => readCheckpointJson(folder, name, HINT);
