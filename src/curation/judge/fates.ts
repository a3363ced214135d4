/**
 * What became of each photo, one line each, sorted by id: the split that it went to, or the stage that dropped it
 * and why. Gates say so in the results as well; what selection dropped stands only here.
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

/** `fate` is selection's word, of a photo that passed its gates. */
export function fateLineOf({ id, verdicts }: Result, fate: Fate | undefined): FateLine {
  if (fate?.kind === 'kept') return { id, fate: fate.split };
  if (fate !== undefined) return { id, fate: 'dropped', stage: fate.stage, reason: fate.reason };
  const { gate, reason } = verdicts.at(-1)!;
  return { id, fate: 'dropped', stage: gate, reason };
}

/** Nothing for a run that made no dataset yet, as one of a shard. Throws `invalid-input` for a damaged file. */
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
      'Run the command that made it again.',
    );
  }
}

/** For every photo of a run's folder that reached the gates: the stage that dropped it, or 'kept'. */
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
