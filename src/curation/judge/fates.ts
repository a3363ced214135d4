/**
 * The file of the photos' fates. Each line has a photo's split or, for a dropped photo, the stage that dropped it and
 * the reason. The lines are sorted by id. The gates' verdicts are also in the results file, but only this file records
 * which photos the selection dropped.
 */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { invalidInput, messageOf } from '../../core/errors.ts';
import { STAGES } from './funnel.ts';
import type { Stage } from './funnel.ts';
import { readResults, RESULTS_FILE } from './result.ts';
import type { Result } from './result.ts';
import type { Fate } from './select.ts';

export const FATES_FILE = 'fates.jsonl';

const fateLineSchema = z.discriminatedUnion('fate', [
  z.object({ id: z.string(), fate: z.literal('train') }),
  z.object({ id: z.string(), fate: z.literal('test') }),
  z.object({ id: z.string(), fate: z.literal('dropped'), stage: z.enum(STAGES), reason: z.string() }),
]);

export type FateLine = z.infer<typeof fateLineSchema>;

/**
 * Creates the line of a photo. `fate` is the selection's decision, or undefined if a gate dropped the photo. A
 * near-duplicate always has a fate from the selection, even if a gate dropped it too. Its line therefore does not
 * depend on whether the annotators were asked about it.
 */
export function fateLineOf({ id, verdicts }: Result, fate: Fate | undefined): FateLine {
  if (fate?.kind === 'kept') return { id, fate: fate.split };
  if (fate !== undefined) return { id, fate: 'dropped', stage: fate.stage, reason: fate.reason };
  const { gate, reason } = verdicts.at(-1)!;
  return { id, fate: 'dropped', stage: gate, reason };
}

/**
 * Reads a file of fates. Yields nothing for a run without a dataset, such as a shard. Throws `invalid-input` if the
 * file is damaged.
 */
export async function* readFates(path: string): AsyncGenerator<FateLine> {
  if (!existsSync(path)) return;
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      number += 1;
      yield fateLineSchema.parse(JSON.parse(line));
    }
  } catch (error) {
    throw invalidInput(
      `${path}, line ${number} is damaged: ${messageOf(error)}`,
      'Rerun the command that wrote the file.',
    );
  }
}

/** Maps each photo in the run's results file to the stage that dropped it, or to 'kept'. */
export async function stagesOf(run: string): Promise<Map<string, Stage | 'kept'>> {
  const stages = new Map<string, Stage | 'kept'>();
  for await (const { id, verdicts } of readResults(join(run, RESULTS_FILE))) {
    const last = verdicts.at(-1);
    stages.set(id, last === undefined || last.passed ? 'kept' : last.gate);
  }
  for await (const line of readFates(join(run, FATES_FILE))) {
    if (line.fate === 'dropped') stages.set(line.id, line.stage);
  }
  return stages;
}
