/**
 * Reads and writes a classifier or retriever: config.json, model.safetensors, the possible answers (cells.json or
 * gallery.csv) and a model card. training_state.safetensors has the optimizer's arrays, from which a run can resume.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { invalidInput } from '../../core/errors.ts';
import { parsePositions, positionsCsv } from '../../storage/positions-csv.ts';
import { writeSafetensors } from '../../tensor/index.ts';
import { trainingStateFile } from '../checkpoint.ts';
import {
  readCheckpointFile,
  readCheckpointJson,
  readCheckpointTensors,
  writeCheckpointFiles,
} from '../checkpoint-files.ts';
import { checkEncoder, encoderFields } from '../config.ts';
import type { TrainerState } from '../learning/trained-weights.ts';
import { geocellClassifier, type GeocellClassifier } from './geocell-classifier.ts';
import { geocellsDocument, parseGeocells } from './geocells.ts';
import { imageRetriever, type ImageRetriever } from './image-retriever.ts';
import { positionCard } from './position-card.ts';
import { PositionModel, type PositionModelOptions } from './position-model.ts';

export type AnyPositionHead = GeocellClassifier | ImageRetriever;

export type PositionKind = AnyPositionHead['kind'];

const files = {
  config: 'config.json',
  weights: 'model.safetensors',
  cells: 'cells.json',
  gallery: 'gallery.csv',
  card: 'README.md',
} as const;

const configSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('geocell-classifier'), ...encoderFields }),
    z.strictObject({ kind: z.literal('image-retriever'), ...encoderFields, width: z.int().positive() }),
  ])
  .superRefine(checkEncoder);

type PositionConfig = z.infer<typeof configSchema>;

/** Writes a model. `description` is a paragraph for the model card about the training data and the intended use. */
export async function savePositionModel(
  folder: string,
  model: PositionModel<AnyPositionHead>,
  { description, state }: { readonly description?: string; readonly state?: TrainerState } = {},
): Promise<void> {
  const { head } = model;
  await writeCheckpointFiles(folder, [
    { name: files.config, content: `${JSON.stringify(configOf(head), null, 2)}\n` },
    head.kind === 'image-retriever'
      ? { name: files.gallery, content: positionsCsv(head.positions) }
      : { name: files.cells, content: `${JSON.stringify(geocellsDocument(head.geocells))}\n` },
    { name: files.card, content: positionCard(head, description) },
    ...(state === undefined ? [] : [trainingStateFile(state)]),
    { name: files.weights, content: writeSafetensors(model.parameters(), { format: `globe-${head.kind}` }) },
  ]);
}

/** Reads a model. Throws `not-found` if a file is missing, and `invalid-input` if the files do not match. */
export async function loadPositionModel(
  folder: string,
  options: Pick<PositionModelOptions<AnyPositionHead>, 'optimizer' | 'threads' | 'readPatches'> = {},
): Promise<PositionModel<AnyPositionHead>> {
  const document = await readJson(folder, files.config);
  const parsed = configSchema.safeParse(document);
  if (!parsed.success) {
    throw invalidInput(
      `${join(folder, files.config)} is not a classifier's or retriever's configuration: ${z.prettifyError(parsed.error)}`,
    );
  }
  const head = await readHead(folder, parsed.data);
  const { arrays } = await readCheckpointTensors(folder, files.weights, HINT);
  return new PositionModel({ ...options, head, parameters: arrays });
}

/** Returns the kind of model in a folder, or undefined if the folder contains neither a classifier nor a retriever. */
export async function positionKindOf(folder: string): Promise<PositionKind | undefined> {
  const document = await readJson(folder, files.config).catch(() => undefined);
  const { data } = z.looseObject({ kind: z.enum(['geocell-classifier', 'image-retriever']) }).safeParse(document);
  return data?.kind;
}

function configOf(head: AnyPositionHead): PositionConfig {
  const { image, vision } = head.encoder;
  return head.kind === 'image-retriever'
    ? { kind: head.kind, image, vision, width: head.width }
    : { kind: head.kind, image, vision };
}

async function readHead(folder: string, config: PositionConfig): Promise<AnyPositionHead> {
  const { image, vision } = config;
  const encoder = { image, vision };
  if (config.kind === 'image-retriever') {
    const gallery = parsePositions(await read(folder, files.gallery), join(folder, files.gallery));
    return imageRetriever({ encoder, gallery, width: config.width });
  }
  const geocells = parseGeocells(await readJson(folder, files.cells), join(folder, files.cells));
  return geocellClassifier({ encoder, geocells });
}

const HINT = 'Use the model/ folder of a run of globe train with method geocell or retriever.';

const read = (folder: string, name: string): Promise<Uint8Array> => readCheckpointFile(folder, name, HINT);
const readJson = (folder: string, name: string): Promise<unknown> => readCheckpointJson(folder, name, HINT);
