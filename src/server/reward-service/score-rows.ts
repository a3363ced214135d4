/** Scores the rows of a request in order: loads their images and computes their rewards. */
import { defined } from '../../core/defined.ts';
import { messageOf } from '../../core/errors.ts';
import { unscored } from '../../core/score.ts';
import { deadlineAfter, firstAbort } from '../../service/first-abort.ts';
import { redact } from '../../service/redact.ts';
import { pauses } from '../../service/pauses.ts';
import type { CombinedReward, TotalReward } from '../../reward/combine.ts';
import { createReward } from '../../reward/create-reward.ts';
import { readsInput } from '../../reward/registry.ts';
import type { RewardDetail, RewardInput } from '../../reward/reward.ts';
import type { RewardOptions } from '../../reward/reward-definition.ts';
import { judgeVerifier } from '../../vision/claims/judge-verifier.ts';
import type { VisionModel } from '../../vision/vision-model.ts';
import type { GuardedJudge } from './guarded-judge.ts';
import type { ImageSource } from './image-source.ts';
import type { ScoredRow } from './protocol.ts';
import type { RewardRow } from './read-request.ts';
import type { RowReading } from './request-schema.ts';
import { placeOfSolution } from './solution.ts';

export type Scoring = Omit<RewardOptions, 'judge' | 'verifier'> & {
  readonly judge?: GuardedJudge;
  /** The model that checks claims in reward mode `verified`. It may be the same model as the judge. */
  readonly verifier?: GuardedJudge;
  readonly images: ImageSource;
  /** Time limit of a request. After it, rows that still wait for the judge are returned unscored. */
  readonly deadlineMs: number;
};

export type ScoredRows = {
  readonly rows: ScoredRow[];
  readonly totals: readonly TotalReward[];
  readonly reward: string;
  /** True if rows are unscored because the judge failed. A later request may score them. */
  readonly judgeFailed: boolean;
};

type Prepared = { readonly input: RewardInput } | { readonly problem: string; readonly temporary?: boolean };

export type ScoreRequest = {
  readonly rows: readonly RowReading<RewardRow>[];
  /** If true, each row is returned with details of its rewards, such as which entity matched which element. */
  readonly detail: boolean;
  /** Time since the request's body arrived, which counts towards the deadline. */
  readonly elapsedMs: number;
};

export async function scoreRows(request: ScoreRequest, scoring: Scoring, signal: AbortSignal): Promise<ScoredRows> {
  using deadline = deadlineAfter(scoring.deadlineMs - request.elapsedMs);
  using end = firstAbort([signal, deadline.signal]);
  return await scoreUntil(end.signal, { ...request, scoring, signal });
}

type Request = ScoreRequest & { readonly scoring: Scoring; readonly signal: AbortSignal };

async function scoreUntil(end: AbortSignal, { rows, detail, scoring, signal }: Request): Promise<ScoredRows> {
  const judge = scoring.judge?.within(end);
  const verifier = scoring.verifier?.within(end);
  const reward = rewardOf(scoring, { judge: judge?.model, verifier: verifier?.model });
  const { images, weights, mode } = scoring;
  // Without a verifier, mode `verified` checks claims against the elements of the rows, as mode `paper` does, and needs
  // no images.
  const needsImage = readsInput(weights, 'image', mode === 'verified' && verifier === undefined ? 'paper' : mode);
  const pause = pauses();
  const preparing: Promise<Prepared>[] = [];
  for (const row of rows) {
    preparing.push(prepare(row, needsImage ? images : undefined, end));
    await pause();
  }
  const prepared = await Promise.all(preparing);
  const scored = await reward.score(
    prepared.flatMap((one) => ('input' in one ? [one.input] : [])),
    { signal },
  );
  const next = scored.values();
  const totals = prepared.map((one): TotalReward =>
    'input' in one ? next.next().value! : { components: {}, total: unscored(one.problem, defined(one)) },
  );
  return {
    rows: totals.map((total, i) => ({
      ...toWire(idOf(rows[i]!, i), total),
      ...(detail && { detail: detailsOf(total) }),
    })),
    totals,
    reward: reward.name,
    judgeFailed: retryMayHelp(
      totals,
      [judge, verifier].some((model) => model?.hasFailed() === true),
    ),
  };
}

export type ScoringModels = {
  readonly judge: VisionModel | undefined;
  readonly verifier: VisionModel | undefined;
};

/** Creates the reward. Throws `invalid-input` if the weights need inputs that are missing, such as a judge. */
export function rewardOf(scoring: Scoring, { judge, verifier }: ScoringModels): CombinedReward {
  const { judge: _, verifier: __, images: ___, deadlineMs: ____, ...options } = scoring;
  return createReward({
    ...options,
    ...defined({ judge }),
    ...(verifier && { verifier: judgeVerifier(verifier) }),
  });
}

/**
 * Returns true if scoring the rows again may help. If totals are missing, it may help if one of them is missing only
 * temporarily. If no total is missing, it may help if the judge failed, which can happen in mode `reference`.
 */
function retryMayHelp(totals: readonly TotalReward[], failed: boolean): boolean {
  const missing = totals.filter(({ total }) => total.kind === 'unscored');
  return missing.length === 0 ? failed : missing.some(isTemporary);
}

/** Returns true if the row is unscored only temporarily, so that a retry may score it. */
export const isTemporary = ({ total }: TotalReward): boolean => total.kind === 'unscored' && total.temporary === true;

const idOf = (read: RowReading<RewardRow>, index: number): string =>
  (read.kind === 'valid' ? read.row.id : read.id) ?? String(index);

async function prepare(
  read: RowReading<RewardRow>,
  images: ImageSource | undefined,
  end: AbortSignal,
): Promise<Prepared> {
  if (read.kind === 'invalid') return { problem: `the row is invalid: ${read.problem}` };
  return prepareValid(read.row, images, end);
}

async function prepareValid(row: RewardRow, images: ImageSource | undefined, end: AbortSignal): Promise<Prepared> {
  const truth = typeof row.solution === 'string' ? placeOfSolution(row.solution) : placeOfFields(row.solution);
  if (truth === undefined) return { problem: `the solution has no country: ${JSON.stringify(row.solution)}` };
  const entityTags = row.entities?.map((entity) => (typeof entity === 'string' ? entity : entity.text));
  const elements = row.elements ?? entityTags?.map((label) => ({ label: label.toLowerCase(), share: 0 }));
  try {
    const image = row.image === undefined || images === undefined ? undefined : await images.load(row.image, end);
    return {
      input: {
        id: row.id,
        completion: row.completion,
        truth,
        cutOff: row.finish_reason === 'length',
        ...defined({ completionTokens: row.completion_tokens }),
        ...(row.coordinate && {
          truthCoordinate: { latitudeDegrees: row.coordinate.latitude, longitudeDegrees: row.coordinate.longitude },
        }),
        ...(image && { image }),
        ...(elements && { elements }),
        ...(entityTags && { entityTags }),
        ...(row.texts && { texts: row.texts }),
      },
    };
  } catch (error) {
    if (end.aborted) return { problem: 'the image was not prepared before the deadline', temporary: true };
    return { problem: `the image cannot be used: ${messageOf(error)}` };
  }
}

function placeOfFields({ country, city }: { country: string; city?: string | undefined }): RewardInput['truth'] {
  return { country, ...defined({ city }) };
}

function detailsOf({ components }: TotalReward): ScoredRow['detail'] {
  const details: Record<string, RewardDetail> = {};
  for (const [name, score] of Object.entries(components)) {
    if (score.kind === 'scored' && score.detail !== undefined) details[name] = score.detail;
  }
  return details;
}

function toWire(id: string, { components, total }: TotalReward): ScoredRow {
  const values = Object.fromEntries(
    Object.entries(components).map(([name, score]) => [name, score.kind === 'scored' ? score.value : null]),
  );
  if (total.kind === 'scored') return { id, components: values, total: total.value };
  return { id, components: values, total: null, error: redact(total.reason) };
}
