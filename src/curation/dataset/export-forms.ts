/**
 * Creates the records of an export: the row's fields for programs in general, or the form that a training library
 * loads. Each form has the columns and types that its library expects, and its way to refer to an image. The tests name
 * the versions of the libraries. Image paths are absolute, because a trainer runs in another folder than the export.
 */
import { locatePrompt, locateTarget } from '../../prompts/locate-prompt.ts';
import { solutionText } from '../../storage/dataset/row.ts';
import type { DatasetRow } from '../../storage/dataset/row.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'trl-sft', 'trl-grpo', 'ms-swift', 'verl'] as const;
/**
 * `jsonl` and `csv` hold the row's fields. `trl-sft` and `trl-grpo` are for TRL, `ms-swift` for its SFT and GRPO, and
 * `verl` for its GRPO.
 */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type TrainingFormat = Exclude<ExportFormat, 'jsonl' | 'csv'>;

export const isTrainingFormat = (format: ExportFormat): format is TrainingFormat =>
  format !== 'jsonl' && format !== 'csv';

/** Values of a record that do not come from the row's cells. */
export type RecordContext = {
  readonly split: string;
  /** Absolute path of the row's image file. */
  readonly image: string;
  /** Index of the row in the export. The first row has index 0. */
  readonly index: number;
};

/** Creates the record of a training library. */
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
 * TRL computes the loss on `completion` alone. It inserts the image before the text of the first user message, so the
 * message must not contain a placeholder.
 */
function trlSft(row: DatasetRow, { split, image }: RecordContext): object {
  return {
    prompt: [{ role: 'user', content: locatePrompt() }],
    completion: [{ role: 'assistant', content: targetOf(row) }],
    images: [image],
    ...identity(row, split),
  };
}

/** TRL passes every column except the prompt and the images to the reward function, as a list. */
function trlGrpo(row: DatasetRow, { split, image }: RecordContext): object {
  return {
    prompt: [{ role: 'user', content: locatePrompt() }],
    images: [image],
    ...truthOf(row),
    ...identity(row, split),
  };
}

/** ms-swift replaces `<image>` by the image. Its GRPO removes the assistant's message. */
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

/** Verl passes `extra_info` to the reward function. It accepts an image as an object with the path in `image`. */
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

/**
 * Returns the truth with which the rewards compare a completion. The names are those of the reward service's fields.
 */
function truthOf(row: DatasetRow) {
  return { solution: solutionText(row), entities: row.entities, elements: elementsOf(row) };
}

const identity = ({ id }: DatasetRow, split: string) => ({ sample_id: id ?? null, split });

/** Returns null if the row has no elements, because an empty list would tell a reward that the photo shows nothing. */
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

/** Returns the cells of a table row. Lists are joined with "; ", and an unknown value is empty. */
export function tableCells(fields: ReturnType<typeof fieldsOf>): Record<string, string | number> {
  const { entities, elements, ...rest } = fields;
  const cells = {
    ...rest,
    entities: entities.join('; '),
    elements: (elements ?? []).map(({ label }) => label).join('; '),
  };
  return Object.fromEntries(Object.keys(fields).map((name) => [name, cells[name as keyof typeof cells] ?? '']));
}
