/**
 * Projects a run on all photos from a pilot, which is a run on a random sample of them. It projects the share of photos
 * that pass, the tokens and requests of each model, the cost and the hours. The pilot's own token counts are used, so
 * the effects of prompts, image sizes, retries and dropped photos are included.
 */
import { proportion } from '../../core/statistics/proportion.ts';
import type { Proportion } from '../../core/statistics/proportion.ts';
import type { Funnel } from '../judge/funnel.ts';
import { SELECTION_STAGES } from '../judge/select.ts';
import type { AnnotatorCost } from './cost.ts';

export type Projection = {
  readonly pilotPhotos: number;
  readonly photos: number;
  /**
   * Share of the photos that pass the gates, with its 95 % interval. The recipe's size limit and split are not applied.
   * Near-duplicates are rarer in a sample than among all photos, so the share is an upper bound.
   */
  readonly passRate: Proportion;
  readonly passed: number;
  /** Expected tokens, requests and cost of each model for all photos. */
  readonly costs: readonly AnnotatorCost[];
  /** Expected hours with the pilot's concurrency, on the same machines. Absent if the pilot was resumed. */
  readonly hours?: number;
};

export type ProjectOptions = {
  readonly funnel: Funnel;
  readonly costs: readonly AnnotatorCost[];
  /** Number of photos in the whole table or shard. */
  readonly photos: number;
  /** Duration of the pilot. Absent if an earlier process ran a part of it. */
  readonly seconds?: number;
};

/** Projects the whole run. Returns undefined if the pilot judged no photo. */
export function projectRun({ funnel, costs, photos, seconds }: ProjectOptions): Projection | undefined {
  const judged = funnel.photos - funnel.pending;
  const lost = funnel.stages
    .filter(({ stage }) => !(SELECTION_STAGES as readonly string[]).includes(stage))
    .reduce((sum, { dropped }) => sum + dropped, 0);
  const passRate = proportion(judged - lost, judged);
  if (passRate === undefined) return undefined;
  const factor = photos / judged;
  return {
    pilotPhotos: judged,
    photos,
    passRate,
    passed: Math.round(passRate.value * photos),
    costs: costs.map(({ requests, usage, amount, ...rest }) => ({
      ...rest,
      requests: Math.round(requests * factor),
      usage: {
        promptTokens: Math.round(usage.promptTokens * factor),
        completionTokens: Math.round(usage.completionTokens * factor),
      },
      ...(amount !== undefined && { amount: amount * factor }),
    })),
    ...(seconds !== undefined && { hours: (seconds * factor) / 3600 }),
  };
}
