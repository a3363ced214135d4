import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAppendLog } from './append-log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-append-log-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Lets the disk be full once: the next write stores half of its line and fails. */
async function fillDisk(): Promise<void> {
  const probe = await open(join(folder, 'probe'), 'w');
  const prototype = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  await rm(join(folder, 'probe'));
  vi.spyOn(prototype, 'appendFile').mockImplementationOnce(async function (this: typeof probe, line) {
    await this.write((line as string).slice(0, 9));
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
}

describe('a log on a full disk', () => {
  it('stores the record in the space that it held back, and reports the failure', async () => {
    const path = join(folder, 'log.jsonl');
    const log = await openAppendLog(path, { digests: true, reserveBytes: 1000 });
    await log.append({ id: 'a' });
    expect(await readdir(folder)).toEqual(['log.jsonl', 'log.jsonl.reserve']);
    expect(log.failure()).toBeUndefined();
    await fillDisk();
    await log.append({ id: 'b' });
    await log.append({ id: 'c' });
    expect(log.failure()).toMatchObject({ code: 'ENOSPC' });
    await log.close();
    expect(await readdir(folder)).toEqual(['log.jsonl']);
    const again = await openAppendLog(path, { digests: true });
    await again.close();
    expect(again).toMatchObject({ records: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], tornBytes: 0 });
  });

  it('fails without held-back space, and drops the half line later', async () => {
    const path = join(folder, 'log.jsonl');
    const log = await openAppendLog(path);
    await log.append({ id: 'a' });
    await fillDisk();
    await expect(log.append({ id: 'bbbbbbbb' })).rejects.toThrow('no space left');
    await expect(log.close()).rejects.toThrow('no space left');
    expect(await readFile(path, 'utf8')).toBe('{"id":"a"}\n{"id":"bb');
    const again = await openAppendLog(path);
    await again.close();
    expect(again).toMatchObject({ records: [{ id: 'a' }], tornBytes: 9 });
  });
});
