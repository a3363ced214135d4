/**
 * Reviewers' decisions on photos, which are stored in the run's folder. If a photo has several decisions, the last one
 * counts. When the dataset is assembled again, rejected photos are left out.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openAppendLog } from '../../storage/append-log.ts';
import { readJson } from '../../storage/read-document.ts';

export const REVIEW_FILE = 'review.jsonl';

const decisionSchema = z.object({
  id: z.string().min(1),
  decision: z.enum(['accept', 'reject']),
  /** The reviewer's reason. */
  note: z.string().exactOptional(),
  reviewer: z.string().exactOptional(),
});

export type Decision = z.infer<typeof decisionSchema>;

/**
 * Reads a file of decisions that was saved from the page of `globe dataset show`. Throws `not-found` if the file is
 * missing, and `invalid-input` if it is invalid.
 */
export async function readDecisions(path: string): Promise<Decision[]> {
  const { decisions } = await readJson(path, {
    name: 'list of decisions',
    schema: z.object({ decisions: z.array(decisionSchema) }),
    hint: 'Save the decisions from the page that `globe dataset show` makes.',
  });
  return decisions;
}

/** Reads the decisions on a run, oldest first. Returns an empty list if there are none. */
export async function loadReview(path: string): Promise<Decision[]> {
  if (!existsSync(path)) return [];
  const log = await openAppendLog(path, { digests: true, schema: decisionSchema });
  await log.close();
  return [...log.records];
}

/**
 * Reads the decisions of several run folders. If decisions on a photo differ, the decision in the later folder of the
 * list counts.
 */
export async function loadReviews(folders: readonly string[]): Promise<Decision[]> {
  return (await Promise.all(folders.map(async (folder) => loadReview(join(folder, REVIEW_FILE))))).flat();
}

export async function saveReview(path: string, decisions: readonly Decision[]): Promise<void> {
  const log = await openAppendLog(path, { digests: true });
  for (const decision of decisions) await log.append(decision);
  await log.close();
}

/** Returns the ids of the accepted and of the rejected photos. A photo's last decision counts. */
export function decisionsOf(decisions: readonly Decision[]): { accepted: Set<string>; rejected: Set<string> } {
  const last = new Map(decisions.map(({ id, decision }) => [id, decision]));
  const idsOf = (kind: Decision['decision']): Set<string> =>
    new Set([...last].filter(([, decision]) => decision === kind).map(([id]) => id));
  return { accepted: idsOf('accept'), rejected: idsOf('reject') };
}
