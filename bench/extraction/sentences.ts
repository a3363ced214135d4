/**
 * Splits the answers in a file of published predictions into sentences. The sentences are in the order of the file.
 */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

const rowsSchema = z.array(z.looseObject({ model_response: z.string() }));
/** Minimum length of a sentence. Shorter pieces are headings and list marks. */
const MIN_CHARACTERS = 40;

export function sentencesOf(csv: string): string[] {
  return rowsSchema
    .parse(parse(csv, { columns: true, bom: true }))
    .flatMap(({ model_response }) => model_response.split(/\n+|(?<=[.!?])\s+(?=[A-Z])/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length >= MIN_CHARACTERS);
}
