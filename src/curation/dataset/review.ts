/**
 * Reviewers' decisions on the rows, stored in the run's folder. The last decision on a photo counts. A rejected photo
 * is removed when the dataset is assembled again.
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

/** Reads the decisions that the page of `globe dataset show` saves. Throws `not-found` or `invalid-input`. */
export async function readDecisions(path: string): Promise<Decision[]> {
  const { decisions } = await readJson(path, {
    name: 'list of decisions',
    schema: z.object({ decisions: z.array(decisionSchema) }),
    hint: 'Save the decisions from the page that `globe dataset show` makes.',
  });
  return decisions;
}

/** Reads the decisions on a run, oldest first; empty if nobody has reviewed it. */
export async function loadReview(path: string): Promise<Decision[]> {
  if (!existsSync(path)) return [];
  const log = await openAppendLog(path, { digests: true, schema: decisionSchema });
  await log.close();
  return [...log.records];
}

/** Reads the decisions of several run folders. If they differ on a photo, the later folder's decision counts. */
export async function loadReviews(folders: readonly string[]): Promise<Decision[]> {
  return (await Promise.all(folders.map(async (folder) => loadReview(join(folder, REVIEW_FILE))))).flat();
}

export async function saveReview(path: string, decisions: readonly Decision[]): Promise<void> {
  const log = await openAppendLog(path, { digests: true });
  for (const decision of decisions) await log.append(decision);
  await log.close();
}

/** Splits the photo ids by their last decision. */
export function decisionsOf(decisions: readonly Decision[]): { accepted: Set<string>; rejected: Set<string> } {
  const last = new Map(decisions.map(({ id, decision }) => [id, decision]));
  const idsOf = (kind: Decision['decision']): Set<string> =>
    new Set([...last].filter(([, decision]) => decision === kind).map(([id]) => id));
  return { accepted: idsOf('accept'), rejected: idsOf('reject') };
}
