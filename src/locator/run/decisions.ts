/**
 * A person's decisions on the answers of a run: accept, place elsewhere, reject, undo. Each is a record in the run's
 * folder with who, when, before and after. Exports apply the last one that is not undone.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { openAppendLog } from '../../storage/append-log.ts';
import { parseLogLines } from '../../storage/log-line.ts';
import { LEVEL_RADIUS_KM } from '../location-level.ts';
import type { PhotoResult } from '../photo-result.ts';
import { place } from './photo-record.ts';
import type { PhotoRecord } from './photo-record.ts';
import { RUN_FILES } from './run-files.ts';
import type { PhotoRun } from './run-files.ts';

const stateSchema = z.object({
  kind: z.enum(['located', 'refused', 'unparseable', 'notGeocodable', 'failed']),
  place: place.exactOptional(),
  coordinate: z.object({ latitudeDegrees: z.number(), longitudeDegrees: z.number() }).exactOptional(),
  granularity: z.enum(['coordinate', 'city', 'region', 'country']).exactOptional(),
});

/** What a photo's answer is before or after a decision. */
export type AnswerState = z.infer<typeof stateSchema>;

const decisionSchema = z.object({
  photo: z.string(),
  /** SHA-256 of the photo's content. The decision does not apply to a photo that has changed since. */
  content: z.string().exactOptional(),
  action: z.enum(['accept', 'place', 'reject', 'undo']),
  by: z.string().min(1),
  /** ISO 8601, in UTC. */
  at: z.string(),
  note: z.string().exactOptional(),
  before: stateSchema,
  after: stateSchema,
});

export type PhotoDecision = z.infer<typeof decisionSchema>;

export type NewDecision = Pick<PhotoDecision, 'photo' | 'action' | 'by' | 'at' | 'note'> & {
  /** The place that the person names; only with `place`. */
  readonly to?: Omit<AnswerState, 'kind'>;
};

/** Reads the decisions on a run, oldest first; empty without a review. */
export async function readPhotoDecisions(folder: string): Promise<readonly PhotoDecision[]> {
  const path = join(folder, RUN_FILES.review);
  if (!existsSync(path)) return [];
  // Another process may be writing the last line, so this only reads.
  return parseLogLines<PhotoDecision>(await readFile(path, 'utf8'), path, { digests: true, schema: decisionSchema });
}

/**
 * Appends a decision to the run. Throws `invalid-input` for a photo without an answer, for an `accept` of a rejected or
 * failed photo, and for an `undo` without a decision. Returns the record.
 */
export async function decide(run: PhotoRun, { to, ...decision }: NewDecision): Promise<PhotoDecision> {
  const path = join(run.folder, RUN_FILES.review);
  const log = await openAppendLog<PhotoDecision>(path, { digests: true, schema: decisionSchema });
  try {
    const target = run.records.find(({ photo }) => photo === decision.photo);
    const original = target?.result;
    if (target === undefined || original === undefined) {
      throw invalidInput(
        `${decision.photo} has no answer in ${run.folder}.`,
        'Run globe review RUN to list the photos.',
      );
    }
    const standing = standingOf(log.records, target);
    const before = stateOf(decided(original, standing));
    if (decision.action === 'undo' && standing.length === 0) {
      throw invalidInput(`${decision.photo} has no decision to undo.`);
    }
    if (decision.action === 'accept' && (before.kind === 'failed' || standing.at(-1)?.action === 'reject')) {
      throw invalidInput(
        `${decision.photo} has no answer to accept: it ${before.kind === 'failed' ? 'failed' : 'was rejected'}.`,
        before.kind === 'failed' ? 'Run globe locate again, or use place.' : 'Use undo to take the rejection back.',
      );
    }
    const next = { ...decision, ...defined({ content: target.content }) };
    const after = stateAfter(next, { original, standing, before, to });
    const record: PhotoDecision = { ...next, before, after };
    await log.append(record);
    return record;
  } finally {
    await log.close();
  }
}

type Case = {
  readonly original: PhotoResult;
  readonly standing: readonly PhotoDecision[];
  readonly before: AnswerState;
  readonly to: NewDecision['to'] | undefined;
};

function stateAfter({ action }: Pick<PhotoDecision, 'action'>, { original, standing, before, to }: Case): AnswerState {
  switch (action) {
    case 'undo':
      return stateOf(decided(original, standing.slice(0, -1)));
    case 'place':
      return { kind: 'located', ...to };
    case 'reject':
      return { kind: 'refused' };
    case 'accept':
      return before;
  }
  return action satisfies never;
}

/** Returns the records with the decisions applied to their results. */
export function withDecisions(
  records: readonly PhotoRecord[],
  decisions: readonly PhotoDecision[],
): readonly PhotoRecord[] {
  const byPhoto = Map.groupBy(decisions, ({ photo }) => photo);
  return records.map((record) => {
    const standing = standingOf(byPhoto.get(record.photo) ?? [], record);
    return record.result === undefined ? record : { ...record, result: decided(record.result, standing) };
  });
}

/** The decisions on a photo that no later `undo` took back. */
function standingOf(decisions: readonly PhotoDecision[], { photo, content }: PhotoRecord): PhotoDecision[] {
  const standing: PhotoDecision[] = [];
  for (const decision of decisions) {
    if (decision.photo !== photo || decision.content !== content) continue;
    if (decision.action === 'undo') standing.pop();
    else standing.push(decision);
  }
  return standing;
}

function stateOf(result: PhotoResult): AnswerState {
  if (result.kind === 'failed') return { kind: 'failed' };
  const { kind, place: named, coordinate, granularity } = result;
  return { kind, ...defined({ place: named, coordinate, granularity }) };
}

/** Applies the last decision. An `accept` confirms the answer as the decisions before it left it. */
function decided(result: PhotoResult, standing: readonly PhotoDecision[]): PhotoResult {
  const decision = standing.at(-1);
  if (decision === undefined || decision.action === 'undo') return result;
  const { action, by, at, after } = decision;
  const review = { decision: action, by, at };
  if (action === 'accept') {
    const accepted = decided(result, standing.slice(0, -1));
    return accepted.kind === 'failed' ? accepted : { ...accepted, review };
  }
  const answer = result.kind === 'failed' ? { reasoning: '', samples: [] } : result;
  const { exif, usage, reasoning, samples } = { exif: undefined, usage: undefined, ...answer };
  const model = result.kind === 'failed' ? undefined : (result.model ?? modelOf(result));
  const kept = { image: result.image, review, reasoning, samples, ...defined({ exif, usage, model }) };
  if (action === 'reject') return { ...kept, kind: 'refused', reason: `rejected by ${by}` };
  const { place: named, coordinate, granularity = 'coordinate' } = after;
  return {
    ...kept,
    kind: 'located',
    positionFrom: 'review',
    ...defined({ place: named, coordinate }),
    granularity,
    radiusKm: LEVEL_RADIUS_KM[granularity],
  };
}

function modelOf({
  kind,
  place: named,
  coordinate,
  granularity,
  alternatives,
}: Exclude<PhotoResult, { kind: 'failed' }>) {
  return { kind, ...defined({ place: named, coordinate, granularity, alternatives }) };
}
