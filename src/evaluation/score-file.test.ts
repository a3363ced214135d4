import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TINY_CITIES, tinyGazetteer } from '../../test/support/tiny-gazetteer.ts';
import { reportOf } from './report/report.ts';
import { scoreFile } from './score-file.ts';
import type { ScoreOptions } from './score-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-score-'));
});
afterEach(() => rm(folder, { recursive: true }));

const gazetteer = tinyGazetteer();
const [paris, helsinki] = TINY_CITIES;
const at = ({ latitudeDegrees, longitudeDegrees }: (typeof TINY_CITIES)[number]) =>
  `${latitudeDegrees},${longitudeDegrees}`;

async function score(text: string, options: Partial<ScoreOptions> & { truth?: string } = {}) {
  const { truth, ...rest } = options;
  const file = join(folder, 'predictions.csv');
  await writeFile(file, text);
  const truthFile = join(folder, 'truth.csv');
  if (truth !== undefined) await writeFile(truthFile, truth);
  const scored = await scoreFile({
    file,
    from: 'coordinates',
    gazetteer,
    ...rest,
    ...(truth !== undefined && { truthFile }),
  });
  return { ...scored, report: reportOf(scored, { geocoder: gazetteer.provenance }) };
}

const HEADER = 'id,lat,lon,pred_lat,pred_lon,predicted_city,predicted_country,response,success';

describe('scoreFile from coordinates', () => {
  it('counts a prediction at exactly the truth at every threshold', async () => {
    const { report } = await score(`${HEADER}\na,${at(paris)},${at(paris)},,,,\n`);
    expect(report).toMatchObject({ n: 1, answered: 1, medianKm: 0, geoScore: 5000 });
    expect(Object.values(report.accuracy).map(({ percent }) => percent)).toEqual([100, 100, 100, 100, 100]);
  });

  it('reads the words for "none" that programs write as an empty cell', async () => {
    const { report } = await score(`${HEADER}\na,NaN,nan,1,2,,,,\nb,${at(paris)},None,null,,,,\n`);
    expect(report).toMatchObject({ n: 1, noTruth: 1, failed: 1, unparseable: 0 });
  });

  it('counts every row of a repeated id, and notes it', async () => {
    const row = `a,${at(paris)},${at(paris)},,,,\n`;
    const { report } = await score(`${HEADER}\n${row}${row}`);
    expect(report.n).toBe(2);
    expect(report.protocol.notes).toContain('1 rows repeat the id of an earlier row; each row counts.');
  });

  it('refuses a file without rows', async () => {
    await expect(score(`${HEADER}\n`)).rejects.toThrow('has a header but no rows');
  });

  it('does not join by a file name that several images of the benchmark have', async () => {
    const truth = `id,lat,lon\nx/1.jpg,${at(paris)}\ny/1.jpg,${at(helsinki)}\ny/2.jpg,${at(helsinki)}\n`;
    const { report } = await score(`id,lat,lon\n1.jpg,${at(helsinki)}\n2.jpg,${at(helsinki)}\n`, { truth });
    expect(report).toMatchObject({ n: 1, noTruth: 1, missing: 2 });
  });

  it('leaves rows without truth out of the denominator, and only those', async () => {
    const rows = [
      `a,,,${at(paris)},,,,`,
      `b,0.0,0.0,${at(paris)},,,,`,
      `c,${at(paris)},,,,,,`,
      `d,${at(paris)},91,0,,,,`,
    ];
    const { report } = await score([HEADER, ...rows].join('\n'));
    expect(report).toMatchObject({
      n: 2,
      noTruth: 2,
      answered: 0,
      failed: 1,
      unparseable: 1,
      medianKm: null,
      geoScore: 0,
    });
    expect(report.protocol.denominator).toContain("2 of the file's 4 rows; 2 without a true position left out");
  });

  it.each([
    ['as-given', { n: 2, answered: 2, failed: 0, recordedFailures: 1 }],
    ['as-misses', { n: 2, answered: 1, failed: 1, recordedFailures: 1 }],
    ['excluded', { n: 1, answered: 1, failed: 0, recordedFailures: 1 }],
  ] as const)('counts recorded failures %s', async (failures, expected) => {
    const rows = [`a,${at(paris)},0.0,0.0,,,,False`, `b,${at(paris)},${at(paris)},,,,True`];
    const { report } = await score([HEADER, ...rows].join('\n'), { failures });
    expect(report).toMatchObject(expected);
  });

  it('refuses an invalid true position, and names the row', async () => {
    await expect(score(`${HEADER}\na,north,0,0,0,,,,\n`)).rejects.toThrow(/row 1: the true position "north", "0"/);
  });

  it('lists the columns when none is recognised', async () => {
    await expect(score('id,lat,lon\na,1,2\n')).rejects.toThrow(
      'No column was recognised for --from coordinates; the columns are: id, lat, lon.',
    );
  });
});

describe('scoreFile from text', () => {
  it('distinguishes refused, not geocodable and failed', async () => {
    const rows = [
      `a,${at(paris)},,,Paris,France,,`,
      `b,${at(paris)},,,Unknown,Unknown,,`,
      `c,${at(paris)},,,Atlantis,Nowhere,,`,
      `d,${at(paris)},,,,,,`,
    ];
    const { report } = await score([HEADER, ...rows].join('\n'), { from: 'text' });
    expect(report).toMatchObject({ n: 4, answered: 1, refused: 1, notGeocodable: 1, failed: 1 });
    expect(report.countryMatch).toMatchObject({ hits: 1, n: 4 });
    expect(report.reasons).toContainEqual({ kind: 'notGeocodable', reason: 'no place named "Atlantis"', n: 1 });
  });
});

describe('scoreFile from completion', () => {
  it('parses, then geocodes, and distinguishes refusals from nonsense', async () => {
    const rows = [
      `a,${at(helsinki)},,,,,"<think>brick</think><answer>country: Finland, city: Helsinki</answer>",`,
      `b,${at(helsinki)},,,,,"I'm sorry, I cannot determine the location.",`,
      `c,${at(helsinki)},,,,,"<think>endless",`,
      `d,${at(helsinki)},,,,,,`,
    ];
    const { report } = await score([HEADER, ...rows].join('\n'), { from: 'completion' });
    expect(report).toMatchObject({ n: 4, answered: 1, refused: 1, unparseable: 1, failed: 1, medianKm: 0 });
  });
});

describe('scoreFile with a truth file', () => {
  const truth = `IMG_ID,AUTHOR,LAT,LON,S3_Label\nx/a.jpg,o1,${at(paris)},2\nb.jpg,o1,${at(helsinki)},0\nc.jpg,o2,${at(helsinki)},\n`;

  it('joins by id or file name and reports images without a row', async () => {
    const { report } = await score(`image,lat,lon\na.jpg,${at(paris)}\nb.jpg,${at(paris)}\nz.jpg,1,1\n`, { truth });
    expect(report).toMatchObject({ n: 2, noTruth: 1, missing: 1, accuracy: { 1: { hits: 1 } } });
    expect(report.breakdown.scene?.map(({ group, n }) => [group, n])).toEqual([
      ['indoor', 1],
      ['urban', 1],
    ]);
    expect(report.accuracy[25]!.byOwner).toBeDefined();
  });

  it('counts images without a row as misses on request', async () => {
    const { report } = await score(`image,lat,lon\na.jpg,${at(paris)}\n`, { truth, missing: 'as-misses' });
    expect(report).toMatchObject({ n: 3, answered: 1, failed: 2 });
  });

  it('refuses two rows for one image', async () => {
    await expect(score(`image,lat,lon\na.jpg,1,1\nx/a.jpg,1,1\n`, { truth })).rejects.toThrow(
      '"x/a.jpg" already has a row',
    );
  });
});

it('writes the same report for the same file', async () => {
  const text = `${HEADER}\na,${at(paris)},${at(helsinki)},,,,\nb,${at(paris)},${at(paris)},,,,\n`;
  expect((await score(text)).report).toEqual((await score(text)).report);
});
