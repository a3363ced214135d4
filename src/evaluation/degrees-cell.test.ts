import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGazetteer } from '../gazetteer/open.ts';
import { degreesOf } from './degrees-cell.ts';
import { protocolOf } from './protocol.ts';
import { reportOf } from './report/report.ts';
import { scoreFile } from './score-file.ts';
import type { ScoredFile, ScoreOptions } from './score-file.ts';

describe('degreesOf', () => {
  it.each([
    ['-33.45', 'latitude', -33.45],
    ['-33,45', 'latitude', -33.45],
    ['\u221233.45', 'latitude', -33.45],
    ['33.45° S', 'latitude', -33.45],
    ['S 33,45', 'latitude', -33.45],
    ['-33.45s', 'latitude', -33.45],
    ['+70.66', 'longitude', 70.66],
    ['70.66 W', 'longitude', -70.66],
    ['289.34', 'longitude', -70.66],
    ['1e1', 'longitude', 10],
    ['12 deg', 'latitude', 12],
    [' 7 ', 'latitude', 7],
    ["64°09'N", 'latitude', 64.15],
    ['S 12°02′47.04″', 'latitude', -12.0464],
    ["12° 2,784' S", 'latitude', -12.0464],
    ['-77:02:34', 'longitude', -77.042_777_777_8],
    ["77º 2' 34'' W", 'longitude', -77.042_777_777_8],
    ['0°30’E', 'longitude', 0.5],
  ] as const)('reads %j as a %s of %d', (cell, axis, expected) => {
    expect(degreesOf(cell, axis)).toBeCloseTo(expected, 9);
  });

  it.each([
    ['', 'latitude'],
    ['33.45 W', 'latitude'],
    ['70.66 N', 'longitude'],
    ['-33.45 N', 'latitude'],
    ['S 33.45 S', 'latitude'],
    ['1.234,5', 'latitude'],
    ['33.45, 70.66', 'latitude'],
    ['Infinity', 'longitude'],
    ['0x10', 'latitude'],
    ['about 12', 'latitude'],
    ["64°75'N", 'latitude'],
    ["12°02'W", 'latitude'],
    ["-12°02'N", 'latitude'],
    ["N12°02'S", 'latitude'],
    ['12 34', 'latitude'],
  ] as const)('reads no number from %j as a %s', (cell, axis) => {
    expect(degreesOf(cell, axis)).toBeNaN();
  });
});

describe('scoreFile with the tables of others', () => {
  const gazetteer = openGazetteer();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-tables-'));
  });
  afterAll(async () => rm(folder, { recursive: true }));

  const TRUTHS = ['60.17,24.94', '-33.45,-70.66', '13.75,100.5', '-37.81,144.96'];
  async function score(
    header: string,
    cells: readonly string[],
    options: Partial<ScoreOptions> = {},
  ): Promise<ScoredFile> {
    const file = join(folder, 'table.csv');
    const lines = cells.map((cell, i) => `${i}.jpg,${TRUTHS[i]!},${cell}`);
    await writeFile(file, [`image,true_lat,true_lon,${header}`, ...lines].join('\n'));
    return scoreFile({ file, from: 'coordinates', gazetteer, ...options });
  }
  const near = ({ outcomes }: ScoredFile): number => outcomes.filter(({ distanceKm: km = 1e9 }) => km < 25).length;

  it.each<[string, string, readonly string[]]>([
    ['decimal commas', 'pred_lat,pred_lon', ['"60,2","24,9"', '"-33,4","-70,7"']],
    ['letters', 'pred_lat,pred_lon', ['60.2 N,24.9 E', '33.4° S,70.7° W']],
    ['typographic minus signs', 'pred_lat,pred_lon', ['60.2,24.9', '\u221233.4,\u221270.7']],
    ['longitudes to 360', 'pred_lat,pred_lon', ['60.2,24.9', '-33.4,289.3']],
    ['blank headers', ',pred_lat,,pred_lon', ['0,60.2,x,24.9', '1,-33.4,y,-70.7']],
  ])('reads %s', async (_, header, cells) => {
    expect(near(await score(header, cells))).toBe(2);
  });

  it('counts recorded errors as failed', async () => {
    const { outcomes } = await score('pred_lat,pred_lon', [
      '60.2,24.9',
      'ERROR: 429,',
      'HTTP 500,HTTP 500',
      'timed out,',
    ]);
    expect(outcomes.map(({ outcome }) => outcome.kind)).toEqual(['located', 'failed', 'failed', 'failed']);
  });

  it('refuses a file whose positions it mostly cannot read, and shows three of them', async () => {
    const cells = ['60.2,24.9', 'north,east', 'ca. 13,100', '?,?'];
    await expect(score('pred_lat,pred_lon', cells)).rejects.toThrow(
      '3 of 4 predicted positions of ' +
        join(folder, 'table.csv') +
        ' cannot be read: "north", "east"; "ca. 13", "100"; "?", "?".',
    );
    expect((await score('pred_lat,pred_lon', ['60.2,24.9', '-33.4,-70.7', '?,?'])).outcomes).toHaveLength(3);
  });

  it('detects swapped latitude and longitude, and nothing else', async () => {
    const swapped = ['24.9,60.2', '-70.7,-33.4', '100.5,13.8', '145,-37.8'];
    expect((await score('pred_lat,pred_lon', swapped)).reading.swapped).toBe(true);
    expect((await score('pred_lat,pred_lon', ['60.2,24.9', '-33.4,-70.7', '100.5,13.8'])).reading.swapped).toBe(false);
    expect((await score('pred_lat,pred_lon', ['10,10', '20,20', '30,30'])).reading.swapped).toBe(false);
  });

  it('does not take the true place for the prediction', async () => {
    const places = ['"Helsinki, Finland"', '"Santiago, Chile"', '"Bangkok, Thailand"'];
    const answers = ['"Oslo, Norway"', '"Lima, Peru"', '"Hanoi, Vietnam"'];
    const both = await score(
      'location,response',
      places.map((place, i) => `${place},${answers[i]!}`),
      { from: 'text' },
    );
    expect(both.reading.columns.predictedPlace).toBe('response');
    expect(near(both)).toBe(0);
    await expect(score('location', places, { from: 'text' })).rejects.toThrow('agrees with every true position');
    expect(near(await score('location', places, { from: 'text', columns: { predictedPlace: 'location' } }))).toBe(3);
    expect(
      near(
        await score(
          'location',
          [answers[0]!, ...places.slice(1)].map((place, i) => (i > 0 ? places[i]! : place)),
          { from: 'text' },
        ),
      ),
    ).toBe(2);
  });

  const TRUE_PLACES = ['"Helsinki, Finland"', '"Santiago, Chile"', '"Bangkok, Thailand"'];
  const OTHER_PLACES = ['"Oslo, Norway"', '"Lima, Peru"', '"Hanoi, Vietnam"'];
  const sideBySide = (...columns: (readonly string[])[]): string[] =>
    columns[0]!.map((_, i) => columns.map((cells) => cells[i]!).join(','));

  it.each<[string, string, string[], Partial<ScoreOptions>]>([
    ['of places', 'place', sideBySide(TRUE_PLACES), { from: 'text' }],
    ['of answers', 'answer', sideBySide(TRUE_PLACES), { from: 'completion' }],
    ['of places and of answers', 'location,answer', sideBySide(OTHER_PLACES, TRUE_PLACES), { from: 'text' }],
    [
      'of countries',
      'country,answer',
      sideBySide(['Finland', 'Chile', 'Thailand'], ['finland', 'CHILE', 'Thailand']),
      { from: 'completion' },
    ],
    ['in a sentence', 'answer', TRUE_PLACES.map((name) => `"It is ${name.slice(1)}`), { from: 'completion' }],
  ])('refuses a column %s that agrees with every truth', async (_, header, cells, options) => {
    await expect(score(header, cells, options)).rejects.toThrow('agrees with every true');
    const role = options.from === 'text' ? 'predictedPlace' : 'completion';
    const named = { ...options, columns: { [role]: header.split(',').at(-1)! } };
    expect((await score(header, cells, named)).outcomes).toHaveLength(3);
  });

  it.each<[string, string, string[], Partial<ScoreOptions>]>([
    ['answer', 'answer', sideBySide([OTHER_PLACES[0]!, ...TRUE_PLACES.slice(1)]), { from: 'completion' }],
    ['answer of two rows', 'answer', sideBySide(TRUE_PLACES.slice(0, 2)), { from: 'completion' }],
    ['completion', 'completion', sideBySide(TRUE_PLACES), { from: 'completion' }],
    ['predicted_location', 'predicted_location', sideBySide(TRUE_PLACES), { from: 'text' }],
    ['completion', 'answer,generated_text', sideBySide(OTHER_PLACES, TRUE_PLACES), { from: 'completion' }],
    ['text', 'answer,text', sideBySide(OTHER_PLACES, TRUE_PLACES), { from: 'completion' }],
    ['response', 'answer,location,response', sideBySide(OTHER_PLACES, OTHER_PLACES, TRUE_PLACES), { from: 'text' }],
  ])('reads the column %s among %s', async (_, header, cells, options) => {
    const scored = await score(header, cells, options);
    expect(near(scored)).toBeGreaterThanOrEqual(cells.length - 1);
  });

  it('states the columns of the truth and of the predictions in one line', async () => {
    const line = async (scored: Promise<ScoredFile>) =>
      reportOf(await scored, { geocoder: gazetteer.provenance }).protocol.columnsRead;
    expect(await line(score('pred_lat,pred_lon', ['60.2,24.9']))).toBe(
      'truth "true_lat", "true_lon"; prediction "pred_lat", "pred_lon"',
    );
    expect(await line(score('city,country,location,response', ['x,y,z,w'], { from: 'text' }))).toBe(
      'truth "true_lat", "true_lon", "city", "country"; prediction "response"',
    );
    expect(await line(score('answer', ['x'], { from: 'completion' }))).toBe(
      'truth "true_lat", "true_lon"; prediction "answer"',
    );
  });

  it('joins ids without an extension to the files of the benchmark', async () => {
    const truthFile = join(folder, 'truth.csv');
    await writeFile(truthFile, `IMG_ID,LAT,LON\n${TRUTHS.map((truth, i) => `p/${i}.jpg,${truth}`).join('\n')}`);
    const file = join(folder, 'ids.csv');
    await writeFile(file, 'image,lat,lon\n0,60.2,24.9\n1.jpg,-33.4,-70.7\n2.png,13.8,100.5\n');
    const { outcomes } = await scoreFile({ file, from: 'coordinates', gazetteer, truthFile });
    expect(outcomes.map(({ id }) => id)).toEqual(['0', '1.jpg']);
    const { reading } = await scoreFile({ file, from: 'coordinates', gazetteer, truthFile });
    expect(protocolOf(reading, { geocoder: gazetteer.provenance, n: 2, clustered: false }).columnsRead).toBe(
      'truth "LAT", "LON"; prediction "lat", "lon"; joined by "image"',
    );
  });

  it('prefers the position of the place, or on request a stated one inside of it', async () => {
    const answers = [
      '"{""country"": ""Finland"", ""latitude"": 60.2, ""longitude"": 24.9}"',
      '"Santiago, Chile (-30, -71)"',
    ];
    const place = await score('completion', answers, { from: 'completion' });
    const finest = await score('completion', answers, { from: 'completion', prefer: 'finest' });
    expect(place.outcomes.map(({ distanceKm: km }) => km! < 25)).toEqual([false, true]);
    expect(finest.outcomes.map(({ distanceKm: km }) => km! < 25)).toEqual([true, true]);
    expect(finest.outcomes.map(({ countryMatch }) => countryMatch)).toEqual([true, true]);
  });
});
