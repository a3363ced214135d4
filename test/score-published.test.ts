/**
 * Checks that known figures about real models' predictions are reproduced exactly. The prediction files are not part of
 * the project. The tests look for them beside the checkout or in GLOBE_SHARED_DATA, and are skipped if they are absent.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EARTH_RADIUS_KM } from '../src/core/distance.ts';
import { measure } from '../src/evaluation/metrics.ts';
import { scoreFile } from '../src/evaluation/score-file.ts';
import type { ScoreOptions } from '../src/evaluation/score-file.ts';
import { THRESHOLDS_KM } from '../src/evaluation/thresholds.ts';
import { GAZETTEER_PATH, openGazetteer } from '../src/gazetteer/open.ts';

const folder = process.env.GLOBE_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');
const there = existsSync(join(folder, 'predictions')) && existsSync(GAZETTEER_PATH);
if (!there) process.stdout.write(`Skipped: no predictions in ${folder} (set GLOBE_SHARED_DATA), or no gazetteer.\n`);

const gazetteer = there ? openGazetteer() : undefined;

async function score(name: string, options: Partial<ScoreOptions> = {}) {
  const file = join(folder, 'predictions', `${name}.csv`);
  const scored = await scoreFile({ file, from: 'coordinates', gazetteer: gazetteer!, ...options });
  const metrics = measure(scored.outcomes)!;
  return { ...scored, metrics, percents: THRESHOLDS_KM.map((km) => 100 * metrics.accuracy[km].value) };
}

const rounded = (values: readonly number[], digits: number) => values.map((value) => Number(value.toFixed(digits)));

describe.skipIf(!there)('the known figures', () => {
  it('of Gemini 2.0 Flash on IM2GPS3K are reproduced on the 2,912 rows with truth', async () => {
    const { metrics, percents, reading } = await score('im2gps3k-gemini-2.0-flash');
    expect(rounded(percents, 2)).toEqual([15.42, 41.35, 57.18, 72.87, 82.31]);
    expect(metrics.n).toBe(2912);
    expect(reading).toMatchObject({ rows: 2915, noTruth: 3, recordedFailures: 168 });
  });

  it('are the same when joined with the benchmark, which also misses 85 images', async () => {
    const { percents, reading } = await score('im2gps3k-gemini-2.0-flash', {
      truthFile: join(folder, 'benchmarks/im2gps3k.csv'),
    });
    expect(rounded(percents, 2)).toEqual([15.42, 41.35, 57.18, 72.87, 82.31]);
    expect(reading.missingRows).toBe(85);
  });

  it('count failed rows if failures are misses', async () => {
    const { metrics } = await score('im2gps3k-gemini-2.0-flash', { failures: 'as-misses' });
    expect(metrics).toMatchObject({ n: 2912, answered: 2744, failed: 168 });
  });

  it.each([
    ['streetview1602-gpt-4o-mini', [5.0, 14.6, 35.6, 66.6, 86.2]],
    ['streetview1602-llava-v1.6-vicuna-13b', [0.3, 3.1, 14.5, 37.0, 58.7]],
  ])('of %s are reproduced with all rows in the denominator', async (name, figures) => {
    const { metrics, percents } = await score(name);
    expect(rounded(percents, 1)).toEqual(figures);
    expect(metrics.n).toBe(1602);
  });

  it.each(['text', 'completion'] as const)('of GPT-4o-mini from %s are within 2 points from 25 km up', async (from) => {
    const { percents } = await score('streetview1602-gpt-4o-mini', { from });
    const { percents: own } = await score('streetview1602-gpt-4o-mini');
    for (const index of [1, 2, 3, 4]) expect(Math.abs(percents[index]! - own[index]!)).toBeLessThan(2);
  });

  it("agree with the file's distances except for the radius, which moves no row across a threshold", async () => {
    const name = 'streetview1602-gpt-4o-mini';
    const { outcomes } = await score(name);
    const { parse } = await import('csv-parse/sync');
    const rows: { distance: string }[] = parse(await readFile(join(folder, 'predictions', `${name}.csv`)), {
      columns: true,
    });
    for (const [index, { distance }] of rows.entries()) {
      const own = outcomes[index]!.distanceKm;
      if (own === undefined) continue;
      // The distances in the file were computed with an Earth radius of 6371 km. This project uses the mean radius.
      expect((own * 6371) / EARTH_RADIUS_KM).toBeCloseTo(Number(distance), 6);
      for (const km of THRESHOLDS_KM) expect(own <= km).toBe(Number(distance) <= km);
    }
  });
});
