import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lock, STALE_MS } from './run-lock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-lock-'));
  path = join(folder, 'run.lock');
});
afterEach(() => rm(folder, { recursive: true }));

const take = async () => lock(path, { folder, waitMs: 0 });

/** Writes the lock of this process, but with the owner that `change` returns and with the process id `pid`. */
async function writeLock(change: (owner: Record<string, unknown>) => object, pid: number): Promise<void> {
  await rm(path, { force: true });
  const { release } = await take();
  const [, ...rest] = (await readFile(path, 'utf8')).split(' ');
  await release();
  await writeFile(path, `${pid} ${JSON.stringify(change(JSON.parse(rest.join(' ')) as Record<string, unknown>))}\n`);
}

const elsewhere = { host: { name: 'other', boot: 'another boot', pidNamespace: 'pid:[1]' } };

describe('the lock of a run', () => {
  it('from another host counts while its heart beats, whatever runs here under its process id', async () => {
    // No process on this machine can have this id.
    await writeLock((owner) => ({ ...owner, ...elsewhere }), 999_999_999);
    await expect(take()).rejects.toThrow('process 999999999 on other (another host or container)');
    const long = new Date(Date.now() - STALE_MS - 5000);
    await utimes(path, long, long);
    await (await take()).release();
  });

  it('of this host is free if its process id has been used again', async () => {
    const parent = process.ppid;
    await writeLock(({ id, host }) => ({ id, host }), parent);
    await expect(take()).rejects.toThrow(`in use by process ${parent}.`);
    await writeLock((owner) => ({ ...owner, started: 'earlier' }), parent);
    await (await take()).release();
  });

  it('is not released by a process that has lost it', async () => {
    const first = await take();
    await writeFile(path, `${process.ppid}\n`);
    await first.release();
    expect(await readFile(path, 'utf8')).toBe(`${process.ppid}\n`);
  });
});

const UNSHARE = ['-p', '-f', '--mount-proc'];
const reason = whyNoNamespaces();
if (reason !== undefined) process.stdout.write(`Skipped: a new PID namespace is not possible here: ${reason}\n`);

function whyNoNamespaces(): string | undefined {
  try {
    execFileSync('unshare', [...UNSHARE, 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

it.skipIf(reason !== undefined)('holds between two PID namespaces', { timeout: 60_000 }, async () => {
  const script = join(folder, 'hold.ts');
  const module = join(import.meta.dirname, 'run-lock.ts');
  await writeFile(
    script,
    `import { lock } from ${JSON.stringify(module)};
     await lock(${JSON.stringify(path)}, { folder: 'F', waitMs: 0 }).then(
       () => { console.log('held'); setInterval(() => {}, 1000); },
       (error) => { console.log(error.message); },
     );`,
  );
  const start = (namespace: boolean) => {
    const child = spawn(
      namespace ? 'unshare' : process.execPath,
      namespace ? [...UNSHARE, '--kill-child', process.execPath, script] : [script],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    return { child, said: once(child.stdout, 'data').then(([data]) => String(data).trim()) };
  };
  const first = start(true);
  try {
    expect(await first.said).toBe('held');
    expect(await start(true).said).toMatch(/F is in use by process \d+ on .* \(another host or container\)/);
    expect(await start(false).said).toMatch(/F is in use by process \d+ on /);
  } finally {
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
  }
});
