import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assembled } from '../src/curation/dataset/assemble.ts';
import type { Curated } from '../src/curation/run/curate.ts';
import type { PreviewRow } from '../src/curation/run/preview.ts';
import type { Projection } from '../src/curation/run/project-run.ts';
import { inShard } from '../src/curation/run/shard.ts';
import { folderBytes } from './support/folder-bytes.ts';
import { runGlobeHere } from './support/run-globe.ts';

const RECIPE = join(import.meta.dirname, '..', 'recipes', 'curate-miniature.yaml');
let folder: string;
/** Output of the command that curated the run `whole` in full mode. */
let whole: Awaited<ReturnType<typeof runGlobeHere>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-curate-cli-'));
  await runGlobeHere(['miniature', 'generate', '--scenes', '120', '--out', at('world')]);
  whole = await curate('whole');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const fatesOf = async (name: string): Promise<{ id: string; fate: string; stage?: string; reason?: string }[]> =>
  (await readFile(at(`${name}/fates.jsonl`), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; fate: string });

const at = (name: string): string => join(folder, name);
const curate = async (name: string, ...more: string[]) =>
  runGlobeHere(['curate', '--recipe', RECIPE, '--input', at('world'), '--out', at(name), '--quiet', ...more]);

describe('globe curate', () => {
  it('keeps fewer reasonings in full mode than in random mode, with far fewer errors', async () => {
    const report = async (name: string, mode: string): Promise<Assembled> =>
      (JSON.parse((await curate(name, '--mode', mode, '--json')).stdout) as Curated).assembled!;
    const [random, full] = [await report('random', 'random'), await report('whole', 'full')];
    expect(full.funnel.train).toBeGreaterThan(0);
    expect(full.funnel.train).toBeLessThan(random.funnel.train);
    // results/curation-modes.json has the error shares for 6,000 scenes, with their intervals.
    expect(random.quality!.error!.value).toBeGreaterThan(0.2);
    expect(full.quality!.error!.value).toBeLessThanOrEqual(random.quality!.error!.value / 5);
    expect(full.quality!.gates.map(({ gate }) => gate)).toEqual([
      'localizability',
      'correctness',
      'cross-model',
      'grounding',
      'duplicate',
    ]);
  });

  it('prints the funnel, the accuracy of the gates and the folder of the dataset', () => {
    const { exitCode, stdout, stderr } = whole;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/cross-model.*\d+ the models place it apart/);
    expect(stdout).toMatch(/Kept reasonings with a wrong place: +\d/);
    expect(stderr).toContain(`${at('whole')}/dataset`);
  });

  it('merges two shards to the result of one run', async () => {
    const { stdout } = await curate('one', '--shard', '1/2');
    expect(stdout).toContain('photos of shard 1/2 judged');
    await curate('two', '--shard', '2/2');
    const gap = await runGlobeHere(['curate', 'merge', at('one'), '--out', at('merged')]);
    expect(gap).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Missing shards: 2/2') });
    const { exitCode } = await runGlobeHere(['curate', 'merge', at('one'), at('two'), '--out', at('merged')]);
    expect(exitCode).toBe(0);
    expect(await folderBytes(at('merged/dataset'))).toEqual(await folderBytes(at('whole/dataset')));
    expect(await readFile(at('merged/fates.jsonl'))).toEqual(await readFile(at('whole/fates.jsonl')));
    // A merged run has no log of answers, so curating it again would repeat every request.
    expect(await curate('merged')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"curate merge"') });
  });

  it('records the fate of each photo with its reason', async () => {
    const fates = await fatesOf('whole');
    const funnel = (JSON.parse((await curate('whole', '--json')).stdout) as Curated).assembled!.funnel;
    expect(fates).toHaveLength(100);
    for (const { stage, dropped } of funnel.stages) {
      expect(fates.filter((line) => line.stage === stage)).toHaveLength(dropped);
    }
    expect(fates.filter(({ fate }) => fate === 'train')).toHaveLength(funnel.train);
    expect(fates.find(({ stage }) => stage === 'cross-model')?.reason).toMatch(
      /^miniature:careful says .+, miniature:bold says/,
    );
  });

  it('projects the whole run from a pilot, and previews thresholds without any request', async () => {
    const args = ['--limit', '40', '--json'];
    const { stdout } = await curate('pilot', ...args);
    const { projection } = JSON.parse(stdout) as { projection: Projection };
    const { costs } = JSON.parse((await curate('whole', '--json')).stdout) as Curated;
    expect(projection).toMatchObject({ pilotPhotos: 40, photos: 100, hours: expect.any(Number) });
    const tokensOf = (all: Curated['costs']) => all.map(({ usage }) => usage.promptTokens);
    for (const [i, tokens] of tokensOf(projection.costs).entries()) {
      expect(tokens / tokensOf(costs)[i]!).toBeGreaterThan(0.6);
      expect(tokens / tokensOf(costs)[i]!).toBeLessThan(1.6);
    }
    // The resumed pilot has no duration, because an earlier process ran a part of it. Its folder cannot be used for a
    // whole run.
    const again = JSON.parse((await curate('pilot', ...args)).stdout) as { projection: Projection };
    expect(again.projection).not.toHaveProperty('hours');
    expect(await curate('pilot')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('pilot was 40') });

    const preview = await runGlobeHere(['curate', 'preview', at('whole'), '--json']);
    const { photos, rows } = JSON.parse(preview.stdout) as { photos: number; rows: PreviewRow[] };
    expect(photos).toBe(100);
    const own = rows.filter(({ current }) => current);
    // With the run's own thresholds, the preview must repeat the run: no photo is unknown, and all counts agree.
    expect(own.length).toBeGreaterThan(3);
    expect(new Set(own.map(({ passed }) => passed)).size).toBe(1);
    expect(own.every(({ unknown }) => unknown === 0)).toBe(true);
    const kept = rows.filter(({ threshold }) => threshold === 'gates.grounding.minGroundedShare');
    expect(kept.map(({ passed }) => passed)).toEqual(kept.map(({ passed }) => passed).toSorted((a, b) => b - a));
  });

  it('estimates the cost of a run without any request', async () => {
    const { stdout, exitCode } = await curate(
      'never',
      '--annotator',
      'http://127.0.0.1:9/v1#nobody',
      '--mode',
      'single',
      '--estimate',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/100 photos\.\nhttp:\S+#nobody: 100 photos, [\d,]+ prompt/);
  });

  it.each([
    [['--mode', 'half'], 'Allowed choices are random, single, full'],
    [['--shard', '3/2'], 'Invalid shard: "3/2"'],
    [['--annotator', 'miniature:nobody', '--mode', 'single'], 'Unknown simulated annotator'],
  ])('rejects %j with exit code 2', async (args, reason) => {
    expect(await curate('refused', ...args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(reason) });
  });
});

describe('globe dataset', () => {
  const dataset = async (...args: string[]) => runGlobeHere(['dataset', ...args]);

  it("stats prints Table 1 beside the paper's", async () => {
    const { stdout, stderr } = await dataset('stats', at('whole'));
    expect(stdout).toMatch(/samples.*countries.*cities.*indoor.*natural.*urban/);
    expect(stdout).toMatch(/MP16-Reason-Train \(paper\).*33721.*134.*1944.*5393.*2077.*26251/);
    expect(stderr).toContain('Table 1');
    const { dataset: rows } = JSON.parse((await dataset('stats', at('whole'), '--json')).stdout) as {
      dataset: { train: { samples: number; withScene: number } };
    };
    expect(rows.train.samples).toBe(rows.train.withScene);
  });

  it('show writes one page with kept rows and dropped photos, which loads no other file', async () => {
    await dataset('show', at('whole'), '--out', at('page.html'), '--limit', '20');
    const page = await readFile(at('page.html'), 'utf8');
    expect(page.match(/<article/g)!.length).toBeGreaterThan(10);
    expect(page).toMatch(/dropped: cross-model/);
    expect(page).toMatch(/class="kept">train/);
    expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
  });

  it('creates the folder of a page or sheet, and reports one that cannot be written', async () => {
    const page = at('none/deep/page.html');
    expect(await dataset('show', at('whole'), '--out', page, '--limit', '2')).toMatchObject({ exitCode: 0 });
    expect(await readFile(page, 'utf8')).toContain('<!doctype html>');
    const sheet = async (out: string) =>
      runGlobeHere(['miniature', 'sheet', at('world'), '--out', out, '--scenes', '4', '--columns', '2']);
    expect(await sheet(at('none/sheets/a.png'))).toMatchObject({ exitCode: 0 });
    expect(await sheet(at('world'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Cannot write'),
    });
    const below = await dataset('show', at('whole'), '--out', at('none/deep/page.html/x.html'), '--limit', '2');
    expect(below).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Cannot create the folder') });
  });

  it('review records decisions, and the next curation drops the rejected row', async () => {
    await cp(at('whole'), at('reviewed'), { recursive: true });
    const exported = async (): Promise<{ IMG_ID: string }[]> => {
      await dataset('export', at('reviewed'), '--out', at('rows.jsonl'));
      return (await readFile(at('rows.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { IMG_ID: string });
    };
    const [first, second] = await exported();
    const decisions = [
      { id: first!.IMG_ID, decision: 'reject' },
      { id: second!.IMG_ID, decision: 'accept' },
    ];
    await writeFile(at('decisions.json'), JSON.stringify({ decisions }));
    const { stdout } = await dataset('review', at('reviewed'), '--decisions', at('decisions.json'));
    expect(stdout).toContain('1 accepted and 1 rejected');
    await curate('reviewed');
    const ids = (await exported()).map(({ IMG_ID }) => IMG_ID);
    expect(ids).not.toContain(first!.IMG_ID);
    expect(ids).toContain(second!.IMG_ID);
  });

  const decide = async (run: string, decisions: Readonly<Record<string, string>>) => {
    const list = Object.entries(decisions).map(([id, decision]) => ({ id, decision }));
    await writeFile(at('decided.json'), JSON.stringify({ decisions: list }));
    return dataset('review', at(run), '--decisions', at('decided.json'));
  };
  const pageOf = async (run: string): Promise<string> => {
    await dataset('show', at(run), '--out', at('shown.html'), '--limit', '200');
    return (await readFile(at('shown.html'), 'utf8')).replaceAll(/base64,[^"]+/g, '');
  };

  it('show includes photos dropped by selection and reviewers, so that a rejection can be undone', async () => {
    await cp(at('whole'), at('undone'), { recursive: true });
    await writeFile(at('small.yaml'), `${await readFile(RECIPE, 'utf8')}size: 3\n`);
    const curateSmall = async () => curate('undone', '--recipe', at('small.yaml'));
    await curateSmall();
    const { id } = (await fatesOf('undone')).find(({ fate }) => fate === 'train')!;
    await decide('undone', { [id]: 'reject' });
    await curateSmall();
    const page = await pageOf('undone');
    expect(page).toContain(`data-id="${id}" data-status="review" data-decision="reject"`);
    expect(page).toMatch(/✗ review<\/b> rejected by a reviewer/);
    expect(page).toContain('✗ size</b> not among the 3 photos drawn for the dataset');
    expect((await decide('undone', { [id]: 'accept' })).stderr).not.toContain('no effect');
    await curateSmall();
    expect(await pageOf('undone')).toContain(`data-id="${id}" data-status="train" data-decision="accept"`);
  });

  it('review rejects photos that the run does not have, and reports where accepting has no effect', async () => {
    await cp(at('whole'), at('ineffective'), { recursive: true });
    const dropped = (await fatesOf('ineffective')).find(({ stage }) => stage === 'localizability')!;
    expect(await decide('ineffective', { [dropped.id]: 'accept', nobody: 'reject' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('decides on photos that '),
    });
    expect(await decide('ineffective', { [dropped.id]: 'accept' })).toMatchObject({
      exitCode: 0,
      stdout: '1 accepted and 0 rejected in all.\n',
      stderr: expect.stringContaining(`Accepting has no effect on ${dropped.id} (localizability)`),
    });
  });

  it('review of a shard is included by a merge, and review of a merged run asks for a merge', async () => {
    const shards = ['first', 'second'];
    for (const [i, name] of shards.entries()) await curate(name, '--shard', `${i + 1}/2`);
    const merge = async () => runGlobeHere(['curate', 'merge', ...shards.map(at), '--out', at('both')]);
    const kept = (await fatesOf('whole')).filter(({ fate }) => fate === 'train').map(({ id }) => id);
    const [a, b] = kept as [string, string];
    const home = inShard(a, { index: 1, count: 2 }) ? 'first' : 'second';
    expect((await decide(home, { [a]: 'reject' })).stderr).toContain('globe curate merge includes its decisions');
    expect(await merge()).toMatchObject({ exitCode: 0 });
    const keptOf = async () => (await fatesOf('both')).filter(({ fate }) => fate === 'train').map(({ id }) => id);
    expect(await keptOf()).not.toContain(a);
    const { stderr } = await decide('both', { [a]: 'accept', [b]: 'reject' });
    expect(stderr).toContain(`globe curate merge ${at('first')} ${at('second')} --out ${at('both')}`);
    await merge();
    expect(await keptOf()).toContain(a);
    expect(await keptOf()).not.toContain(b);
  });

  it('export writes chat messages and images in the format that the prompt requires', async () => {
    const args = ['--format', 'ms-swift', '--images', at('images'), '--out', at('messages.jsonl')];
    const { exitCode, stderr } = await dataset('export', at('whole'), ...args);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('rows of the split train'),
    });
    const [line] = (await readFile(at('messages.jsonl'), 'utf8')).split('\n');
    const record = JSON.parse(line!) as { messages: { content: string }[]; images: string[]; solution: string };
    expect(record.messages[1]!.content).toMatch(/^<think>.+<\/think><answer>country: .+\ncity: .+<\/answer>$/s);
    expect(record.solution).toMatch(/^<country>.+<\/country><city>.+<\/city>$/);
    const image = await readFile(record.images[0]!);
    expect(image.subarray(0, 2).toString('hex')).toBe('ffd8');
  });
});
