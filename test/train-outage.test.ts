/** Stops the reward service of a GRPO run for longer than the run waits (--patience), and then resumes the run. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import { generateWorld } from '../src/miniature/generate.ts';
import { saveCheckpoint } from '../src/nano/checkpoint.ts';
import { listen, type Listening } from '../src/server/listen.ts';
import { imageSource } from '../src/server/reward-service/image-source.ts';
import { rewardService } from '../src/server/reward-service/reward-service.ts';
import { runGlobe } from './support/run-globe.ts';
import { tinyCheckpoint } from './support/tiny-nano.ts';

const STEPS = 4;
/** Number of scoring requests that the service answers. The service is down when the run sends the next one. */
const REQUESTS_BEFORE_DEATH = 2;

let folder: string;
let scoring: Parameters<typeof rewardService>[0]['scoring'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-train-outage-'));
  const gazetteer = openGazetteer();
  const { signal } = new AbortController();
  await generateWorld({ scenes: 30, seed: 5, out: join(folder, 'world'), gazetteer, signal });
  await saveCheckpoint(join(folder, 'base'), tinyCheckpoint());
  scoring = {
    mode: 'paper',
    weights: { accuracy: 1, length: 1 },
    gazetteer,
    grounder: await openGrounder(),
    images: imageSource({}),
    length: { maxTokens: 12, bufferTokens: 11 },
    deadlineMs: 5000,
  };
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** Starts a reward service. It answers `lives` scoring requests. At the next one, it answers 500 and closes. */
async function serve(port: number, lives = Number.POSITIVE_INFINITY): Promise<Listening> {
  const app = rewardService({
    scoring,
    maxBodyBytes: 1_000_000,
    log: pino({ enabled: false }),
    now: () => performance.now(),
  });
  let left = lives;
  const fetch = (request: Request): Response | Promise<Response> => {
    if (request.method === 'POST' && left-- <= 0) {
      void listening.close();
      return new Response(null, { status: 500 });
    }
    return app.fetch(request);
  };
  const listening = await listen({ fetch }, { host: '127.0.0.1', port });
  return listening;
}

async function train(run: string, url: string) {
  const recipe = join(folder, 'grpo.yaml');
  await writeFile(
    recipe,
    JSON.stringify({
      method: 'grpo',
      model: { checkpoint: 'base' },
      data: { train: 'world', trainImages: STEPS * 2 },
      batchSize: 2,
      groupSize: 3,
      epochs: 1,
      learningRate: 1e-3,
      prompt: 'short',
      maxCompletionTokens: 12,
      checkpointEvery: 100,
      reward: { service: url },
    }),
  );
  // With a patience of zero, the run ends after the first round of retries.
  return runGlobe(['train', '--recipe', recipe, '--run', run, '--patience', '0'], { cwd: folder });
}

/** Returns those files of a run that must not depend on the outage, by name. */
async function filesOf(run: string): Promise<Map<string, Buffer>> {
  const path = join(folder, 'runs', run);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(path.length + 1))
    .filter((name) => !['times.jsonl', 'manifest.json', 'progress.json'].includes(name))
    .toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const)));
}

it(
  'ends with exit code 1 at the step where the outage began, and resumes to the bytes of an undisturbed run',
  { timeout: 180_000 },
  async () => {
    const first = await serve(0);
    const port = Number(new URL(first.url).port);
    expect(await train('undisturbed', first.url)).toMatchObject({ exitCode: 0 });
    await first.close();

    const dying = await serve(port, REQUESTS_BEFORE_DEATH);
    const ended = await train('outage', dying.url);
    expect(ended).toMatchObject({ exitCode: 1 });
    expect(ended.stderr).toContain('it resumes at this step');
    const progress = await readFile(join(folder, 'runs/outage/progress.json'), 'utf8');
    expect(JSON.parse(progress)).toMatchObject({ step: REQUESTS_BEFORE_DEATH });
    expect(await readdir(join(folder, 'runs/outage'))).not.toContain('manifest.json');

    const again = await serve(port);
    const resumed = await train('outage', again.url);
    await again.close();
    expect(resumed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`${STEPS} of ${STEPS} steps`) as unknown,
    });
    const [expected, found] = [await filesOf('undisturbed'), await filesOf('outage')];
    expect([...found.keys()]).toEqual([...expected.keys()]);
    expect([...found.keys()]).toContain('model/model.safetensors');
    for (const [name, bytes] of expected) expect(found.get(name)!.equals(bytes), name).toBe(true);
    // The weights must have changed in training; otherwise, equal bytes would mean nothing.
    expect(found.get('model/model.safetensors')!.equals(await readFile(join(folder, 'base/model.safetensors')))).toBe(
      false,
    );
  },
);
