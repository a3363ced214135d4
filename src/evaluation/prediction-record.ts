/**
 * The record of one image: a JSON line in the run's log and in the final predictions. Its keys are headers that `globe
 * score` knows, so that `globe score` can read a run's predictions like any other file.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import type { LevelShares, Location } from '../locator/locator.ts';
import { parseLogLines } from '../storage/log-line.ts';
import type { Usage } from '../vision/vision-model.ts';
import type { BenchmarkImage } from './benchmark-images.ts';

export const recordSchema = z.object({
  id: z.string(),
  status: z.enum(['located', 'refused', 'unparseable', 'notGeocodable', 'failed']),
  predicted_country: z.string().optional(),
  predicted_region: z.string().optional(),
  predicted_city: z.string().optional(),
  predicted_lat: z.number().optional(),
  predicted_lon: z.number().optional(),
  granularity: z.enum(['coordinate', 'city', 'region', 'country']).optional(),
  confidence: z.number().optional(),
  spread_km: z.number().optional(),
  /** Shares of the votes for the country, region and city of the answer, from which a calibration is fitted. */
  support_country: z.number().optional(),
  support_region: z.number().optional(),
  support_city: z.number().optional(),
  reason: z.string().optional(),
  /** The raw text of the first sample. */
  completion: z.string().optional(),
  /** The raw texts of all samples; absent if there is only one. */
  completions: z.array(z.string()).optional(),
  prompt_tokens: z.number().optional(),
  completion_tokens: z.number().optional(),
});

/** Keys that are present only if a place or a position was predicted. */
export const POSITION_HEADERS = ['predicted_country', 'predicted_city', 'predicted_lat', 'predicted_lon'] as const;

/** A record contains no times, so that a resumed run with a deterministic model writes the same bytes. */
export type PredictionRecord = z.infer<typeof recordSchema>;

export function recordOf(id: string, location: Location): PredictionRecord {
  const { kind, place, coordinate: at, granularity, confidence, spreadKm, support, reason, samples, usage } = location;
  const completions = samples.flatMap(({ completion }) => (completion === undefined ? [] : [completion]));
  return {
    id,
    status: kind,
    ...(place !== undefined && { predicted_country: place.country }),
    ...(place?.region !== undefined && { predicted_region: place.region }),
    ...(place?.city !== undefined && { predicted_city: place.city }),
    ...(at !== undefined && { predicted_lat: at.latitudeDegrees, predicted_lon: at.longitudeDegrees }),
    ...defined({ granularity, confidence, spread_km: spreadKm }),
    ...defined({
      support_country: support?.country,
      support_region: support?.region,
      support_city: support?.city,
    }),
    ...defined({ reason, completion: completions[0] }),
    ...(completions.length > 1 && { completions }),
    ...(usage !== undefined && { prompt_tokens: usage.promptTokens, completion_tokens: usage.completionTokens }),
  };
}

export function failedRecord(id: string, reason: string): PredictionRecord {
  return { id, status: 'failed', reason };
}

/** Creates a line of the final file, which has the truth beside the prediction. */
export function finalRecord(
  { id, truth, scene, author }: BenchmarkImage,
  record: PredictionRecord,
): Record<string, unknown> {
  const { id: _, ...prediction } = record;
  return {
    id,
    label_lat: truth.coordinate.latitudeDegrees,
    label_lon: truth.coordinate.longitudeDegrees,
    ...(truth.place !== undefined && { label_country: truth.place.country }),
    ...(truth.place?.city !== undefined && { label_city: truth.place.city }),
    ...defined({ scene, author }),
    ...prediction,
  };
}

/** Reads the supports of a run's final predictions, by image id. */
export async function readSupports(path: string): Promise<ReadonlyMap<string, LevelShares>> {
  const lines = parseLogLines(await readFile(path, 'utf8'), path, { schema: recordSchema });
  return new Map(
    lines.map(({ id, support_country: country, support_region: region, support_city: city }) => [
      id,
      defined({ country, region, city }),
    ]),
  );
}

/** Sums the tokens of all images for which the server reported counts. */
export function usageOf(records: readonly PredictionRecord[]): Usage {
  return {
    promptTokens: records.reduce((sum, { prompt_tokens: tokens = 0 }) => sum + tokens, 0),
    completionTokens: records.reduce((sum, { completion_tokens: tokens = 0 }) => sum + tokens, 0),
  };
}
