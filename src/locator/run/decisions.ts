/**
 * A person's decisions on the answers of a run: accept, place elsewhere, reject, undo. Each is a record in the run's
 * folder with who, when, before and after. Exports apply the last one that is not undone.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { openAppendLog } from '../../storage/append-log.ts';
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

/** Reads the decisions on a run, oldest first; empty if there are none. */
export async function readPhotoDecisions(folder: string): Promise<readonly PhotoDecision[]> {
  const path = join(folder, RUN_FILES.review);
  if (!existsSync(path)) return [];
  const log = await openAppendLog<PhotoDecision>(path, { digests: true, schema: decisionSchema });
  await log.close();
  return log.records;
}

/**
 * Appends a decision to the run. Throws `invalid-input` for a photo without an answer, and for an `undo` without a
 * decision. Returns the record.
 */
export async function decide(run: PhotoRun, { to, ...decision }: NewDecision): Promise<PhotoDecision> {
  const path = join(run.folder, RUN_FILES.review);
  const log = await openAppendLog<PhotoDecision>(path, { digests: true, schema: decisionSchema });
  try {
    const original = run.records.find(({ photo }) => photo === decision.photo)?.result;
    if (original === undefined) {
      throw invalidInput(
        `${decision.photo} has no answer in ${run.folder}.`,
        'Run globe review RUN to list the photos.',
      );
    }
    const standing = standingOf(log.records, decision.photo);
    const before = stateOf(decided(original, standing.at(-1)));
    if (decision.action === 'undo' && standing.length === 0) {
      throw invalidInput(`There is no decision to undo on ${decision.photo}.`);
    }
    const after =
      decision.action === 'undo'
        ? stateOf(decided(original, standing.at(-2)))
        : decision.action === 'place'
          ? { kind: 'located' as const, ...to }
          : decision.action === 'reject'
            ? { kind: 'refused' as const }
            : before;
    const record: PhotoDecision = { ...decision, before, after };
    await log.append(record);
    return record;
  } finally {
    await log.close();
  }
}

/** Returns the records with the decisions applied to their results. */
export function withDecisions(
  records: readonly PhotoRecord[],
  decisions: readonly PhotoDecision[],
): readonly PhotoRecord[] {
  const byPhoto = Map.groupBy(decisions, ({ photo }) => photo);
  return records.map((record) => {
    const standing = standingOf(byPhoto.get(record.photo) ?? [], record.photo);
    return record.result === undefined ? record : { ...record, result: decided(record.result, standing.at(-1)) };
  });
}

/** The decisions on a photo that no later `undo` took back. */
function standingOf(decisions: readonly PhotoDecision[], photo: string): PhotoDecision[] {
  const standing: PhotoDecision[] = [];
  for (const decision of decisions.filter((one) => one.photo === photo)) {
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

function decided(result: PhotoResult, decision: PhotoDecision | undefined): PhotoResult {
  if (decision === undefined || decision.action === 'undo') return result;
  const { action, by, at, after } = decision;
  const review = { decision: action, by, at };
  if (action === 'accept') return result.kind === 'failed' ? result : { ...result, review };
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
