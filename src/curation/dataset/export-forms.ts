/**
 * Creates the records of an export: either the row's fields for programs in general, or the records that a training
 * library loads. Each library determines the columns, their types, and how a record refers to an image. The tests name
 * the library versions. Image paths are absolute, because a trainer may run in another folder.
 */
import { locatePrompt, locateTarget } from '../../prompts/locate-prompt.ts';
import { solutionText } from '../../storage/dataset/row.ts';
import type { DatasetRow } from '../../storage/dataset/row.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'trl-sft', 'trl-grpo', 'ms-swift', 'verl'] as const;
/**
 * `jsonl` and `csv` have the row's fields. `trl-sft` and `trl-grpo` are for SFT and GRPO in TRL. `ms-swift` is for SFT
 * and GRPO in ms-swift. `verl` is for GRPO in verl.
 */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type TrainingFormat = Exclude<ExportFormat, 'jsonl' | 'csv'>;

export const isTrainingFormat = (format: ExportFormat): format is TrainingFormat =>
  format !== 'jsonl' && format !== 'csv';

/** Values of a record that are not in the row. */
export type RecordContext = {
  readonly split: string;
  /** Absolute path of the row's image file. */
  readonly image: string;
  /** Index of the row in the export, which starts at 0. */
  readonly index: number;
};

/** Creates the record of a row for a training library. */
export function trainingRecord(row: DatasetRow, format: TrainingFormat, context: RecordContext): object {
  switch (format) {
    case 'trl-sft':
      return trlSft(row, context);
    case 'trl-grpo':
      return trlGrpo(row, context);
    case 'ms-swift':
      return msSwift(row, context);
    case 'verl':
      return verl(row, context);
  }
}

/**
 * TRL computes the loss only on `completion`. It inserts the image before the text of the first user message, so the
 * message must not contain a placeholder for it.
 */
function trlSft(row: DatasetRow, { split, image }: RecordContext): object {
  return {
    prompt: [{ role: 'user', content: locatePrompt() }],
    completion: [{ role: 'assistant', content: targetOf(row) }],
    images: [image],
    ...identity(row, split),
  };
}

/** TRL passes every column except the prompt and the images to the reward function. Each column arrives as a list. */
function trlGrpo(row: DatasetRow, { split, image }: RecordContext): object {
  return {
    prompt: [{ role: 'user', content: locatePrompt() }],
    images: [image],
    ...truthOf(row),
    ...identity(row, split),
  };
}

/** ms-swift replaces `<image>` by the image. For GRPO, ms-swift removes the assistant's message. */
function msSwift(row: DatasetRow, { split, image }: RecordContext): object {
  return {
    messages: [
      { role: 'user', content: `<image>${locatePrompt()}` },
      { role: 'assistant', content: targetOf(row) },
    ],
    images: [image],
    ...truthOf(row),
    ...identity(row, split),
  };
}

/** verl passes `extra_info` to the reward function. An image is an object with its path in the field `image`. */
function verl(row: DatasetRow, { split, image, index }: RecordContext): object {
  const { solution, ...seen } = truthOf(row);
  return {
    data_source: 'globe',
    prompt: [{ role: 'user', content: `<image>${locatePrompt()}` }],
    images: [{ image }],
    ability: 'geolocation',
    reward_model: { style: 'rule', ground_truth: solution },
    extra_info: { index, ...identity(row, split), image_path: image, ...seen },
  };
}

const targetOf = ({ response, country, city }: DatasetRow): string =>
  locateTarget({ reasoning: response, country, city });

/** Returns the truth that rewards compare a completion with. The field names are those of the reward service. */
function truthOf(row: DatasetRow) {
  return { solution: solutionText(row), entities: row.entities, elements: elementsOf(row) };
}

const identity = ({ id }: DatasetRow, split: string) => ({ sample_id: id ?? null, split });

/** Returns null if the row has no elements. An empty list would tell the reward that the photo shows nothing. */
function elementsOf({ elements }: DatasetRow): DatasetRow['elements'] | null {
  return elements?.length ? elements : null;
}

/** Returns the row's fields. Unknown values are null. `image` is present only if the images are exported. */
export function fieldsOf(row: DatasetRow, { split, image }: { split: string; image: string | undefined }) {
  return {
    IMG_ID: row.id ?? null,
    split,
    LAT: row.coordinate?.latitudeDegrees ?? null,
    LON: row.coordinate?.longitudeDegrees ?? null,
    country: row.country,
    city: row.city,
    response: row.response,
    entities: row.entities,
    elements: elementsOf(row),
    scene: row.scene ?? null,
    annotator: row.annotator ?? null,
    owner: row.owner ?? null,
    licence: row.licence ?? null,
    ...(image !== undefined && { image }),
  };
}

/** Returns the cells of a CSV row. Lists are joined with "; ", and unknown values are empty. */
export function tableCells(fields: ReturnType<typeof fieldsOf>): Record<string, string | number> {
  const { entities, elements, ...rest } = fields;
  const cells = {
    ...rest,
    entities: entities.join('; '),
    elements: (elements ?? []).map(({ label }) => label).join('; '),
  };
  return Object.fromEntries(Object.keys(fields).map((name) => [name, cells[name as keyof typeof cells] ?? '']));
}
