import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GlobeError } from '../core/errors.ts';
import { random } from '../core/random.ts';
import { RewardOutageError } from '../reward/reward-outage.ts';
import { runTrainingLoop, TRAINING_FILES, type TrainingLoopOptions } from './training-loop.ts';

/**
 * A model with one weight, which each step changes by a random amount, so that an inexact resume ends with a different
 * weight.
 */
function counter() {
  let weight = 1;
  const backend = {
    saveState: (folder: string) => writeFile(join(folder, 'weight'), String(weight)),
    loadState: async (folder: string) => {
      weight = Number(await readFile(join(folder, 'weight'), 'utf8'));
    },
  };
  const step = async (at: number) => {
    weight += random(at).next() * weight;
    return { metrics: { weight }, times: { ms: 1 }, samples: [{ text: `sample ${weight}` }] };
  };
  return { backend, step, evaluate: async () => ({ weight }) };
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'globe-loop-'));

async function runIn(runFolder: string, more: Partial<TrainingLoopOptions> = {}) {
  const { backend, step, evaluate } = counter();
  const { signal } = new AbortController();
  const options = { runFolder, backend, step, evaluate, steps: 12, checkpointEvery: 3, evaluateEvery: 4, signal };
  return runTrainingLoop({ ...options, ...more });
}

const recordsOf = (folder: string): Promise<string[]> =>
  Promise.all(Object.values(TRAINING_FILES).map((name) => readFile(join(folder, name), 'utf8')));

describe('runTrainingLoop', () => {
  it('writes the records of an uninterrupted run when killed at any step and resumed', async () => {
    const uninterrupted = await newFolder();
    await runIn(uninterrupted);
    const expected = await recordsOf(uninterrupted);
    for (let killedAt = 0; killedAt < 12; killedAt++) {
      const folder = await newFolder();
      const dying = counter();
      const step = async (at: number) => {
        if (at === killedAt) throw new Error('killed');
        return dying.step(at);
      };
      await expect(runIn(folder, { ...dying, step })).rejects.toThrow('killed');
      const result = await runIn(folder);
      expect(result.stepsDone).toBe(12);
      expect(await recordsOf(folder), `killed at ${killedAt}`).toEqual(expected);
    }
  });

  it('drops a torn line and writes it again', async () => {
    const uninterrupted = await newFolder();
    await runIn(uninterrupted);
    const folder = await newFolder();
    await runIn(folder, { steps: 7, evaluateEvery: 0 });
    const file = join(folder, TRAINING_FILES.metrics);
    await writeFile(file, `${await readFile(file, 'utf8')}{"step":7,"wei`);
    await runIn(folder, { evaluateEvery: 0 });
    expect(await readFile(file, 'utf8')).toBe((await recordsOf(uninterrupted))[0]);
  });

  it('refuses a checkpoint in which one bit has changed, and a wrong record, and reads older runs', async () => {
    const folder = await newFolder();
    await runIn(folder, { steps: 6 });
    const weight = join(folder, 'checkpoints', 'step-000006', 'weight');
    const bytes = await readFile(weight);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1;
      await writeFile(weight, flipped);
      await expect(runIn(folder)).rejects.toMatchObject({ message: expect.stringContaining('weight has changed') });
    }
    await writeFile(weight, bytes);
    const metrics = join(folder, TRAINING_FILES.metrics);
    const lines = await readFile(metrics, 'utf8');
    const digit = lines.replace(/\d(?=\}\n)/u, (found) => String((Number(found) + 1) % 10));
    for (const changed of [digit, lines.split('\n').slice(1).join('\n'), '']) {
      await writeFile(metrics, changed);
      await expect(runIn(folder)).rejects.toMatchObject({
        code: 'invalid-input',
        message: expect.stringContaining('metrics.jsonl has changed since the run wrote it'),
      });
    }
    const progress = join(folder, 'progress.json');
    const saved = await readFile(progress, 'utf8');
    await writeFile(progress, saved.replace('"step":6', '"step":5'));
    await expect(runIn(folder)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('progress.json, line 1 has changed'),
    });
    for (let at = 0; at < saved.length - 1; at++) {
      await writeFile(progress, `${saved.slice(0, at)}${saved[at] === '1' ? '2' : '1'}${saved.slice(at + 1)}`);
      await expect(runIn(folder)).rejects.toMatchObject({ code: 'invalid-input' });
    }
    await writeFile(progress, '{"format":2,"step":6,"folder":"x"}\n');
    await expect(runIn(folder)).rejects.toThrow('newer version of GLOBE: upgrade');
    await writeFile(progress, saved);
    await writeFile(metrics, `{"stop":1}\n${lines}`);
    await expect(runIn(folder)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('metrics.jsonl, line 1 is not a valid record'),
    });
    await writeFile(metrics, lines);
    await writeFile(progress, '{"step":6,"folder":"checkpoints/step-000006"}\n');
    expect(await runIn(folder)).toMatchObject({ resumedAt: 6, stepsDone: 12 });
  });

  it('saves the step where an outage of the rewards began, and ends as an undisturbed run', async () => {
    const undisturbed = await newFolder();
    await runIn(undisturbed);
    for (const downAt of [0, 3, 7, 8, 11]) {
      const folder = await newFolder();
      const own = counter();
      const cause = new GlobeError({ code: 'service', message: 'connect ECONNREFUSED' });
      const outage = new RewardOutageError({ url: 'http://r', patienceMs: 60_000, cause });
      const step = async (at: number) => (at === downAt ? Promise.reject(outage) : own.step(at));
      await expect(runIn(folder, { ...own, step })).rejects.toBe(outage);
      expect(await runIn(folder)).toMatchObject({ resumedAt: downAt, stepsDone: 12 });
      expect(await recordsOf(folder), `down at ${downAt}`).toEqual(await recordsOf(undisturbed));
      const weight = join('checkpoints', 'step-000012', 'weight');
      expect(await readFile(join(folder, weight))).toEqual(await readFile(join(undisturbed, weight)));
    }
  });

  it('stops early with the reason, keeps its checkpoint, and stays stopped when rerun', async () => {
    const folder = await newFolder();
    const stopReason = (history: readonly object[]) => (history.length >= 5 ? 'enough' : undefined);
    expect(await runIn(folder, { stopReason })).toMatchObject({ stepsDone: 5, stopped: 'enough' });
    expect(await runIn(folder, { stopReason })).toMatchObject({ stepsDone: 5, resumedAt: 5, stopped: 'enough' });
  });
});
