import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inOrder, runUnits, type Unit, type UnitEvent } from './units.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'globe-units-'));
});
afterEach(async () => rm(root, { recursive: true }));

const executed: string[] = [];
const unit = (name: string, needs: string[] = [], more: Partial<Unit> = {}): Unit => ({
  name,
  kind: 'sft',
  needs,
  settings: {},
  make: async () => {
    executed.push(name);
    return Promise.resolve({ seconds: 2 });
  },
  ...more,
});

async function run(units: readonly Unit[], onEvent: (event: UnitEvent) => void = () => {}) {
  executed.length = 0;
  const { signal } = new AbortController();
  return runUnits(units, { root, command: 'test', signal, now: () => 0, onEvent });
}

describe('runUnits', () => {
  it('runs the needs of a unit before it, each once, and keeps them the next time', async () => {
    const units = [unit('c', ['a', 'b']), unit('b', ['a']), unit('a')];
    await run(units);
    expect(executed).toEqual(['a', 'b', 'c']);
    const kinds: string[] = [];
    const records = await run(units, ({ kind }) => kinds.push(kind));
    expect(executed).toEqual([]);
    expect(kinds).toEqual(['kept', 'kept', 'kept']);
    expect(records.get('c')!.seconds).toBe(2);
  });

  it('records in each manifest the facts of the process that made it', async () => {
    const facts = (geocoder: string) => ({
      root,
      command: 'test',
      signal: new AbortController().signal,
      now: () => 0,
      facts: { geocoder },
    });
    await runUnits([unit('a')], facts('old'));
    const records = await runUnits([unit('a'), unit('b')], facts('new'));
    expect([...records.values()].map(({ manifest }) => manifest['geocoder'])).toEqual(['old', 'new']);
  });

  it('resumes after a failure with the unit that failed', async () => {
    const broken = unit('b', ['a'], { make: () => Promise.reject(new Error('killed')) });
    await expect(run([broken, unit('a')])).rejects.toThrow('killed');
    expect(await readdir(join(root, 'b'))).not.toContain('manifest.json');
    await run([unit('b', ['a']), unit('a')]);
    expect(executed).toEqual(['b']);
  });

  it('refuses a unit that was started with other options, and one whose needs were', async () => {
    await run([unit('b', ['a']), unit('a')]);
    await expect(run([unit('a', [], { settings: { rate: 2 } })])).rejects.toThrow(
      'unit "a" was started with other options',
    );
    await rm(join(root, 'a'), { recursive: true });
    await expect(run([unit('b', ['a']), unit('a', [], { settings: { rate: 2 } })])).rejects.toThrow('unit "b"');
  });

  it.each(['{"seconds": 2', '{"steps": 2}'])('refuses the malformed manifest %s', async (text) => {
    await run([unit('a')]);
    await writeFile(join(root, 'a', 'manifest.json'), text);
    const path = join(root, 'a', 'manifest.json');
    await expect(run([unit('a')])).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining(`${path} is not`),
      hint: expect.stringContaining('Remove the folder of the unit'),
    });
  });

  it("keeps a unit whose settings, or whose needs' settings, are in another order", async () => {
    const settings = (entries: [string, unknown][]) => ({ settings: { recipe: Object.fromEntries(entries) } });
    const [rate, data] = [
      ['rate', 2],
      ['data', { train: 'a', images: 3 }],
    ] as [string, unknown][];
    await run([unit('b', ['a']), unit('a', [], settings([rate!, data!]))]);
    await run([unit('b', ['a']), unit('a', [], settings([data!, rate!]))]);
    expect(executed).toEqual([]);
  });

  it('estimates the time left once a unit of every remaining kind has finished', async () => {
    const left: (number | undefined)[] = [];
    await run([unit('a'), unit('b'), unit('w', [], { kind: 'world' }), unit('c')], (event) => {
      if (event.kind === 'finished') left.push(event.leftSeconds);
    });
    expect(left).toEqual([undefined, undefined, 2, 0]);
  });

  it('stops between units when aborted', async () => {
    const controller = new AbortController();
    const stopping = unit('a', [], {
      make: () => {
        controller.abort();
        return Promise.resolve({});
      },
    });
    const promise = runUnits([stopping, unit('b')], { root, command: 'test', signal: controller.signal, now: () => 0 });
    await expect(promise).rejects.toThrow('aborted');
    expect(await readdir(root)).toEqual(['a']);
  });
});

it('skips a unit that another process is running, runs the others, and waits', async () => {
  const lock = join(root, 'a', 'run.lock');
  await mkdir(join(root, 'a'));
  await writeFile(lock, `${process.ppid}\n`);
  let waited = 0;
  const records = await run([unit('c', ['a', 'b']), unit('b'), unit('a')], ({ kind }) => {
    if (kind !== 'waiting') return;
    waited += 1;
    expect(executed).toEqual(['b']);
    rmSync(lock);
  });
  expect(waited).toBe(1);
  expect(executed).toEqual(['b', 'a', 'c']);
  expect([...records.keys()].toSorted()).toEqual(['a', 'b', 'c']);
});

describe('inOrder', () => {
  it('refuses circles and unknown needs', () => {
    expect(() => inOrder([unit('a', ['b']), unit('b', ['a'])])).toThrow('depends on itself');
    expect(() => inOrder([unit('a', ['x'])])).toThrow('a needs the unknown unit x.');
  });
});
