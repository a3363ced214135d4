/**
 * The results file. It has one line per photo, sorted by id, with the photo's verdicts and observations. The dataset is
 * created only from this file. A merge of shards combines the results files of several machines.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput, messageOf } from '../../core/errors.ts';
import { checkRunFile } from '../../storage/run-manifest.ts';
import { GATE_NAMES } from '../gates/gate.ts';
import { observationSchema } from '../observe/observation.ts';
import type { DecidedPhoto } from './pass-gates.ts';

export const RESULTS_FILE = 'results.jsonl';

const resultSchema = z.object({
  id: z.string(),
  verdicts: z.array(
    z.object({
      gate: z.enum(GATE_NAMES),
      passed: z.boolean(),
      score: z.number().exactOptional(),
      reason: z.string(),
      cause: z.string().exactOptional(),
    }),
  ),
  truth: z
    .object({
      country: z.string(),
      city: z.string().exactOptional(),
      region: z.string().exactOptional(),
      countryCode: z.string().exactOptional(),
      geonameId: z.number().exactOptional(),
    })
    .exactOptional(),
  chosen: z.string().exactOptional(),
  observations: z.record(z.string(), observationSchema),
});

/** A photo with its verdicts and observations, as JSON. */
export type Result = z.infer<typeof resultSchema>;

/**
 * Creates the line of a photo. Sorts the observations by key, so that the line does not depend on the order in which
 * answers arrived.
 */
export function resultOf({ photo, verdicts, truth, chosen, observations }: DecidedPhoto): Result {
  return {
    id: photo.id,
    verdicts: [...verdicts],
    ...defined({ truth, chosen }),
    observations: Object.fromEntries([...observations].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/**
 * Yields the results in file order. Throws `not-found` if the file is missing, and `invalid-input` if it is damaged.
 */
export async function* readResults(path: string): AsyncGenerator<Result> {
  let number = 0;
  await checkRunFile(path);
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      number += 1;
      yield resultSchema.parse(JSON.parse(line));
    }
  } catch (error) {
    if (error instanceof GlobeError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new GlobeError({
        code: 'not-found',
        message: `${path} does not exist: this run has not judged its photos yet.`,
        hint: 'Run `globe curate` with the same options until it finishes.',
      });
    }
    throw invalidInput(
      `${path}, line ${number} is damaged: ${messageOf(error)}`,
      'Rerun the command that wrote the file.',
    );
  }
}
