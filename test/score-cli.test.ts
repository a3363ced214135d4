/** Tests the commands `score` and `compare` as a user runs them, but in this process. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../src/cli/program.ts';

let folder: string;
let out: string;
let err: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-cli-'));
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const example = join(import.meta.dirname, '../examples/predictions.csv');

describe('globe score', () => {
  it('prints one JSON object with the promised keys', async () => {
    expect(await runCommandLine(['score', example, '--from', 'completion', '--json'])).toBe(0);
    const report = JSON.parse(out) as Record<string, unknown>;
    const promised = [
      'n',
      'answered',
      'refused',
      'unparseable',
      'notGeocodable',
      'accuracy',
      'medianKm',
      'meanKm',
      'geoScore',
      'countryMatch',
      'cityMatch',
      'protocol',
    ];
    expect(Object.keys(report)).toEqual(expect.arrayContaining(promised));
    expect(report.accuracy).toHaveProperty('2500', {
      percent: expect.any(Number),
      low: expect.any(Number),
      high: expect.any(Number),
      hits: expect.any(Number),
      n: 43,
    });
    expect(err).toBe('');
  });

  it('counts every row of the example exactly once', async () => {
    await runCommandLine(['score', example, '--from', 'completion', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      n: 43,
      answered: 39,
      refused: 2,
      unparseable: 1,
      notGeocodable: 1,
      failed: 0,
    });
  });

  it("prints the paper's rows below the result, apart from it", async () => {
    await runCommandLine(['score', example, '--from', 'completion', '--benchmark', 'im2gps3k']);
    expect(out.indexOf('measured here')).toBeLessThan(out.indexOf('published in the GLOBE paper'));
    expect(out).toContain('GLOBE-7B');
  });

  it('writes a page that loads no other file', async () => {
    const page = join(folder, 'report.html');
    await runCommandLine(['score', example, '--from', 'completion', '--html', page]);
    const html = await readFile(page, 'utf8');
    expect(html).toContain('<svg class="map"');
    expect(html).not.toMatch(/<script|<link|src=|url\(|https?:/);
  });

  it.each([
    [['score', 'none.csv'], 'The file none.csv does not exist.'],
    [
      ['score', example, '--from', 'coordinates'],
      'No column was recognised for --from coordinates; the columns are: id,',
    ],
    [['score', example, '--column', 'colour=x'], 'Invalid --column colour=x'],
    [['score', example, '--from', 'completion', '--benchmark', 'moon'], 'Unknown benchmark: "moon".'],
    [['compare', example], 'A comparison needs at least two runs, but only one is named.'],
    [['compare', example, 'nowhere'], '"nowhere" is neither a finished run nor a file.'],
  ])('exits with 2 and a reason: %j', async (args, message) => {
    expect(await runCommandLine(args)).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });
});

describe('globe compare', () => {
  it('finds no difference between a file and itself', async () => {
    await runCommandLine(['compare', example, example, '--from', 'completion', '--json']);
    const { comparisons } = JSON.parse(out) as { comparisons: { n: number; thresholds: { p: number }[] }[] };
    expect(comparisons[0]).toMatchObject({ n: 43, onlyInFirst: 0 });
    expect(comparisons[0]!.thresholds.map(({ p }) => p)).toEqual([1, 1, 1, 1, 1]);
  });
});
