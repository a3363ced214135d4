import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppendLog } from './append-log.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { openRun } from './run-folder.ts';
import { openTable } from './table.ts';
import type { TableRow } from './table.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-storage-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the append log', () => {
  it('keeps the whole records after a cut at any byte, and appends after them', async () => {
    const path = join(folder, 'log.jsonl');
    const records = fc.array(fc.record({ id: fc.nat(), text: fc.string({ unit: 'grapheme' }) }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(records, fc.double({ min: 0, max: 1, noNaN: true }), async (records, share) => {
        const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
        const cut = bytes.subarray(0, Math.round(share * bytes.length));
        await writeFile(path, cut);
        const log = await openAppendLog(path);
        const whole = cut.toString('latin1').split('\n').length - 1;
        expect(log.records).toEqual(records.slice(0, whole));
        for (const record of records.slice(whole)) await log.append(record);
        await log.close();
        expect(await readFile(path)).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the order of overlapping appends', async () => {
    const path = join(folder, 'log.jsonl');
    const log = await openAppendLog(path);
    await Promise.all(Array.from({ length: 100 }, (_, i) => log.append({ i })));
    await log.close();
    const again = await openAppendLog(path);
    expect(again.records).toEqual(Array.from({ length: 100 }, (_, i) => ({ i })));
    await again.close();
  });

  it('refuses a damaged line before the last, naming it', async () => {
    const path = join(folder, 'log.jsonl');
    await writeFile(path, '{"a":1}\n\0\0\0\n{"a":2}\n');
    await expect(openAppendLog(path)).rejects.toThrow(/line 2 is not JSON/);
  });
});

describe('writeFileAtomic', () => {
  it('replaces the content and leaves nothing beside it', async () => {
    const path = join(folder, 'a.json');
    await writeFileAtomic(path, 'old');
    await writeFileAtomic(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.json']);
  });
});

describe('openRun', () => {
  const open = (options: Record<string, unknown>) => openRun({ root: folder, name: 'r', options });

  it('resumes a run with the same options and reports it', async () => {
    const first = await open({ model: 'a' });
    await first.release();
    const second = await open({ model: 'a' });
    expect([first.resumed, second.resumed]).toEqual([false, true]);
    await second.release();
  });

  it('refuses other options, naming what changed', async () => {
    await (await open({ model: 'a', samples: 1 })).release();
    await expect(open({ model: 'b', samples: 1 })).rejects.toThrow('model was "a", is now "b"');
  });

  it('refuses a folder in which another process works', async () => {
    await (await open({})).release();
    await writeFile(join(folder, 'r', 'run.lock'), `${process.ppid}\n`);
    await expect(open({})).rejects.toThrow(`in use by process ${process.ppid}`);
  });

  it('waits for a killed process that is still exiting', async () => {
    await (await open({})).release();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await writeFile(join(folder, 'r', 'run.lock'), `${child.pid}\n`);
    setTimeout(() => child.kill('SIGKILL'), 150);
    await using run = await open({});
    expect(run.resumed).toBe(true);
    expect(child.killed).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')('takes over the lock of a zombie process', async () => {
    await (await open({})).release();
    // The shell starts a short child process, then becomes `sleep`, which never reaps that child.
    const script = 'sleep 0.1 & echo $!; exec sleep 30';
    const parent = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    await writeFile(join(folder, 'r', 'run.lock'), output.toString());
    await using run = await open({});
    expect(run.resumed).toBe(true);
    parent.kill('SIGKILL');
  });

  it('takes over the lock of a process that is gone', async () => {
    await (await open({})).release();
    // Linux never assigns this id, because the maximum is 2^22.
    await writeFile(join(folder, 'r', 'run.lock'), '99999999\n');
    await expect(open({})).resolves.toMatchObject({ resumed: true });
  });

  it.each(['', '../x', 'a/b', '.hidden'])('refuses the name %j', async (name) => {
    await expect(openRun({ root: folder, name, options: {} })).rejects.toThrow('Invalid run name');
  });

  it('names a folder that it cannot create: below a file, or where the system refuses new folders', async () => {
    await writeFile(join(folder, 'file'), '');
    const below = join(folder, 'file', 'runs');
    const attempt = openRun({ root: below, name: 'r', options: {} });
    await expect(attempt).rejects.toThrow(/Cannot create the folder .*: ENOTDIR/);
    if (process.platform !== 'linux') return;
    const refused = openRun({ root: '/proc/no-such-folder', name: 'r', options: {} });
    await expect(refused).rejects.toThrow('Cannot create the folder /proc/no-such-folder');
  });

  it('creates the parent folders of a run', async () => {
    await using run = await openRun({ root: join(folder, 'a', 'b'), name: 'r', options: {} });
    expect(await readdir(run.path)).toContain('options.json');
  });

  it('writes the manifest with options, version and machine', async () => {
    const run = await open({ seed: 3 });
    await run.complete({ n: 1 });
    expect(JSON.parse(await readFile(run.file('manifest.json'), 'utf8'))).toMatchObject({
      name: 'r',
      options: { seed: 3 },
      n: 1,
      version: expect.any(String),
      machine: { node: process.version },
    });
    await run.release();
  });
});

describe('openTable', () => {
  const rowsOf = async (name: string, text: string | Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, text);
    const table = await openTable(path);
    const rows: TableRow[] = [];
    for await (const row of table.rows) rows.push(row);
    return { headers: table.headers, rows };
  };

  it('reads quoted fields over several lines behind a byte order mark', async () => {
    const { headers, rows } = await rowsOf('a.csv', '\uFEFFid,text\r\n1,"two\nlines, ""quoted"""\r\n\r\n2,\r\n');
    expect(headers).toEqual(['id', 'text']);
    expect(rows).toEqual([
      { number: 1, values: { id: '1', text: 'two\nlines, "quoted"' } },
      { number: 2, values: { id: '2', text: '' } },
    ]);
  });

  it.each([
    ['semicolons', 'a.csv', 'id;"a,b"\n1;2,5\n'],
    ['tabs', 'a.csv', 'id\t"a,b"\n1\t2,5\n'],
    ['a JSON array', 'a.json', '\uFEFF[{"id":1,"a,b":"2,5"}]'],
    ['JSON Lines called .json', 'a.json', '{"id":1,"a,b":"2,5"}'],
  ])('reads %s, gzipped or not', async (_, name, text) => {
    const expected = { headers: ['id', 'a,b'], rows: [{ number: 1, values: { id: '1', 'a,b': '2,5' } }] };
    expect(await rowsOf(name, text)).toEqual(expected);
    expect(await rowsOf(`${name}.gz`, gzipSync(text))).toEqual(expected);
  });

  it.each(['a.csv.gz', 'a.jsonl.gz', 'a.json.gz'])('refuses %s cut short', async (name) => {
    const text = name.startsWith('a.csv') ? 'id\n1\n' : '[{"id":1}]';
    await expect(rowsOf(name, gzipSync(text).subarray(0, -9))).rejects.toThrow(/not a complete gzip file/);
  });

  it('reads JSON Lines whose records differ', async () => {
    const { headers, rows } = await rowsOf('a.jsonl', '{"id":1,"lat":0.5}\n\n{"id":2,"lat":null,"tags":["a"]}\n');
    expect(headers).toEqual(['id', 'lat', 'tags']);
    expect(rows.map((row) => row.values)).toEqual([
      { id: '1', lat: '0.5' },
      { id: '2', lat: '', tags: '["a"]' },
    ]);
  });

  it.each([
    ['a ragged row', 'a.csv', 'a,b\n1,2\n1\n', /line 3/],
    ['a torn JSON line', 'a.jsonl', '{"a":1}\n{"a":', /row 2 is not JSON/],
    ['a JSON array of numbers', 'a.jsonl', '[1]\n', /row 1 is not a JSON object/],
    ['an empty file', 'a.csv', '', /is empty/],
    ['a repeated header', 'a.csv', 'a,a\n1,2\n', /two columns named "a"/],
    ['another kind of file', 'a.txt', 'x', /has an unsupported file extension/],
  ])('refuses %s', async (_, name, text, message) => {
    await expect(rowsOf(name, text)).rejects.toThrow(message);
  });

  it('names a missing file', async () => {
    await expect(openTable(join(folder, 'none.csv'))).rejects.toThrow(/The file .*none\.csv does not exist/);
  });

  it('reads more rows than a stream holds at once', async () => {
    const path = join(folder, 'many.csv');
    await writeFile(path, 'id,text\n');
    await appendFile(path, `x,${'y'.repeat(500)}\n`.repeat(2000));
    const table = await openTable(path);
    let last = 0;
    for await (const row of table.rows) last = row.number;
    expect(last).toBe(2000);
  });
});
