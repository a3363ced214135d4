/** Tests the commands `score` and `compare` as a user runs them, but without starting a process. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

  it('names the columns of the truth and of the predictions for each file', async () => {
    await runCommandLine(['compare', example, example, '--from', 'completion']);
    const line = 'Columns of predictions.csv: truth "latitude", "longitude", "city", "country"; prediction "response".';
    expect(out.split('\n').filter((text) => text === line)).toHaveLength(2);
  });

  /** Writes a run folder as `globe evaluate --prefer` would, and returns its path. */
  async function runWith(name: string, prefer: string | undefined): Promise<string> {
    const run = join(folder, name);
    await mkdir(run);
    const write = (file: string, content: unknown) => writeFile(join(run, file), JSON.stringify(content));
    await write('manifest.json', {});
    await write('options.json', { benchmark: 'im2gps3k', ...(prefer !== undefined && { prefer }) });
    await write('report.json', { protocol: { from: 'a model' } });
    const truth = { label_lat: 60.17, label_lon: 24.94 };
    await write('predictions.jsonl', {
      id: '1',
      status: 'located',
      ...truth,
      predicted_lat: 60.2,
      predicted_lon: 24.9,
    });
    return run;
  }
  const published = async (...args: string[]): Promise<number> => {
    out = '';
    expect(await runCommandLine(['compare', ...args, '--json'])).toBe(0);
    return (JSON.parse(out) as { published: unknown[] }).published.length;
  };

  it("shows the paper's rows beside runs of the paper's protocol alone", async () => {
    const paper = await runWith('paper', undefined);
    expect(await published(paper, paper)).toBeGreaterThan(0);
    for (const prefer of ['finest', 'position']) {
      const other = await runWith(prefer, prefer);
      const file = join(other, 'predictions.jsonl');
      const benchmark = ['--benchmark', 'im2gps3k'];
      for (const args of [
        [paper, other],
        [other, paper],
        [paper, other, ...benchmark],
        [paper, file, ...benchmark],
      ]) {
        expect(await published(...args), args.join(' ')).toBe(0);
      }
      out = '';
      await runCommandLine(['compare', paper, other]);
      expect(out).not.toContain('published in the GLOBE paper');
      expect(out).toContain(`The paper's rows are left out: ${prefer} prefers positions that the answers state.`);
    }
  });
});
