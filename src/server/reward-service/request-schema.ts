/**
 * The schemas of requests to the reward service. Every request is checked against them before it is used. This file
 * does not import any rewards, because the thread that reads large requests loads it.
 */
import { z } from '@hono/zod-openapi';

/** A number written as text. Trainers that read CSV files send such numbers. */
const NUMERAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/u;

const imageSchema = z
  .union([
    z.object({ id: z.string().min(1).describe('Name of a file in the image folder, with or without extension.') }),
    z
      .object({ bytes: z.string().min(1), path: z.string().nullish() })
      .transform(({ bytes }) => ({ base64: bytes }))
      .describe('An image of `datasets` as JSON: its bytes in base64.'),
    z.object({ path: z.string().min(1).describe('Path of a file inside the image folder.') }),
    z.object({ base64: z.string().min(1).describe('The file’s bytes; a data URI is accepted too.') }),
  ])
  .openapi('Image');

/**
 * Maximum number of elements, entities or texts in a row. Each of them is compared with everything that a completion
 * names, so the number must be limited.
 */
const MAX_SEEN = 1000;

const entitySchema = z.union([z.string(), z.object({ text: z.string() })]);

/** Makes a field optional and also accepts null, because trainers write null for columns that a row does not use. */
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value): NonNullable<z.output<T>> | undefined => value ?? undefined);

const idSchema = z.union([z.string(), z.number().transform(String)]);
const degreesSchema = z.union([z.number(), z.string().regex(NUMERAL).transform(Number)]);

/** A chat message. The completion consists of the assistant's messages. */
const messageSchema = z.looseObject({
  role: z.string().nullish(),
  content: z
    .union([z.string(), z.array(z.union([z.string(), z.looseObject({ text: z.string().nullish() })]))])
    .nullish(),
});

const completionSchema = z.union([
  z.string(),
  z.array(messageSchema).min(1).transform(completionOfMessages),
  messageSchema.transform((message) => completionOfMessages([message])),
]);

function completionOfMessages(messages: readonly z.infer<typeof messageSchema>[]): string {
  const written = messages.filter(({ role }) => role === 'assistant' || role === undefined || role === null);
  const content = (written.at(-1) ?? messages.at(-1))?.content ?? '';
  if (typeof content === 'string') return content;
  return content.map((part) => (typeof part === 'string' ? part : (part.text ?? ''))).join('');
}

export const rowSchema = z
  .object({
    id: idSchema.describe('The scored row has the same id.'),
    sample_id: optional(idSchema).describe('Rows of one group (one prompt) have the same sample_id.'),
    completion: completionSchema.describe('The text, or the messages of a chat, the last of the assistant.'),
    solution: z
      .union([
        z.string().describe('"France\\tParis", "Paris, France", JSON, or with <country> and <city> tags.'),
        z.object({ country: z.string().min(1), city: optional(z.string()) }),
      ])
      .describe('Where the photo was taken.'),
    coordinate: optional(
      z.object({
        latitude: degreesSchema.pipe(z.number().min(-90).max(90)),
        longitude: degreesSchema.pipe(z.number().min(-180).max(180)),
      }),
    ),
    elements: optional(
      z
        .array(
          z.object({
            label: z.string(),
            share: z
              .number()
              .min(0)
              .max(1)
              .nullish()
              .transform((n) => n ?? 0),
          }),
        )
        .max(MAX_SEEN),
    ).describe('What the image shows. If absent, the entities are used instead.'),
    entities: optional(z.array(entitySchema).max(MAX_SEEN)).describe('The dataset’s entity tags.'),
    texts: optional(z.array(z.string()).max(MAX_SEEN)).describe('Text that can be read in the image.'),
    images: optional(z.array(imageSchema).max(1)),
    finish_reason: optional(z.string()).describe('"length" if the completion ended at its token limit.'),
    completion_tokens: optional(z.int().nonnegative()).describe(
      'What the length reward counts. If absent, it counts the completion’s words.',
    ),
  })
  .openapi('Row');

/** A row as the client sent it, with images in base64. */
export type SentRow = z.infer<typeof rowSchema>;

/**
 * A row of a request after it was read. A row that does not match the schema is returned unscored, with a reason. All
 * other rows are scored.
 */
export type RowReading<Row> =
  | { readonly kind: 'valid'; readonly row: Row }
  | { readonly kind: 'invalid'; readonly id: string | undefined; readonly problem: string };

/**
 * Reads a row and never fails, so that an invalid row does not invalidate the whole request. The API description shows
 * the schema of a valid row instead.
 */
const rowReadingSchema = z
  .unknown()
  .transform(readRow)
  .openapi({ allOf: [{ $ref: '#/components/schemas/Row' }] });

function readRow(row: unknown): RowReading<SentRow> {
  const { data, error } = rowSchema.safeParse(row);
  return data === undefined
    ? { kind: 'invalid', id: idOf(row), problem: problemOf(error.issues) }
    : { kind: 'valid', row: data };
}

/** Returns the id of a row that does not match the schema, or undefined if the id is missing or invalid. */
function idOf(row: unknown): string | undefined {
  return z.object({ id: idSchema }).safeParse(row).data?.id;
}

/** Describes the first problem of a row, with the path of the field. */
export function problemOf([issue]: readonly {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}[]): string {
  return `${issue!.path.length === 0 ? 'the row' : issue!.path.join('.')}: ${issue!.message}`;
}

export const MAX_ROWS = 10_000;
/** Maximum number of different images in one request. */
const MAX_IMAGES = 1024;

/** Returns the number of different images. */
const imagesOf = (rows: readonly RowReading<SentRow>[]): number =>
  new Set(rows.flatMap((read) => (read.kind === 'valid' ? Object.values(read.row.images?.[0] ?? {}) : []))).size;

export const scoreRequestSchema = z
  .object({
    rows: z.array(rowReadingSchema).min(1).max(MAX_ROWS).describe(`At most ${MAX_IMAGES} different images.`),
    detail: z.boolean().default(false).describe('Also return what matched what.'),
  })
  .refine(({ rows }) => imagesOf(rows) <= MAX_IMAGES, {
    path: ['rows'],
    message: `more than ${MAX_IMAGES} different images: split the request`,
  })
  .openapi('ScoreRequest');

export const openRlhfRequestSchema = z
  .object({
    query: z.array(z.string()).min(1).max(MAX_ROWS).describe('Prompt and completion in one text.'),
    prompts: z.array(z.string()).max(MAX_ROWS),
    labels: z.array(z.string()).max(MAX_ROWS).describe('A JSON row without `completion`, or the solution alone.'),
  })
  .refine(({ query, prompts, labels }) => query.length === prompts.length && query.length === labels.length, {
    message: 'query, prompts and labels must have the same length',
  })
  .openapi('OpenRlhfRequest');
