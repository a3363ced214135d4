/**
 * `npm run check:soak`: does training leak? 2,000 steps of a tiny model on batches of many shapes, all of which the first 100 steps have
 * seen; resident memory must settle, and then stay. Prints one line of JSON; exit code 1 when it fails. Needs `node --expose-gc`.
 */
import { random } from '../src/core/random.ts';
import { EmbeddedBackend } from '../src/nano/index.ts';
import { numberedImage, tinyCheckpoint } from '../test/support/tiny-nano.ts';

const STEPS = 2000;
/** Where the growth is counted from; the first one still holds what the runtime and V8 take until every shape has settled. */
const EARLY = 100;
const SETTLED = 500;
/** A leak of one batch's arrays a step would be a hundred times as much. */
const TOLERANCE_MEGABYTES = { early: 48, settled: 8 };

const megabytes = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};

const generator = random(3);
const images = await Promise.all([1, 2, 3, 4].map(numberedImage));
await using backend = new EmbeddedBackend({ ...tinyCheckpoint(), threads: 1, optimizer: { maxGradientNorm: 1 } });
const prompt = backend.promptTokens({ prompt: 'Where was this photo taken?', image: true });
const path: number[] = [];
let early = 0;
let settled = 0;
for (let step = 1; step <= STEPS; step++) {
  const data = Array.from({ length: 4 + (step % 5) }, () => {
    const tokens = Array.from({ length: 8 + ((step * 7) % 40) }, () => 10 + generator.integer(250));
    return {
      prompt: { image: images[generator.integer(4)]!, tokens: prompt },
      tokens,
      lossInputs: { weights: tokens.map(() => 0.01) },
    };
  });
  await backend.forwardBackward(data, { name: 'cross_entropy' });
  await backend.optimStep({ learningRate: 1e-3 });
  if (step === EARLY) early = megabytes();
  if (step === SETTLED) settled = megabytes();
  if (step % 100 === 0) path.push(Math.round(megabytes()));
}
const last = megabytes();
const growth = { early: last - early, settled: last - settled };
const passed = growth.early < TOLERANCE_MEGABYTES.early && growth.settled < TOLERANCE_MEGABYTES.settled;
const rounded = (value: number): number => Math.round(value * 10) / 10;
process.stdout.write(
  `${JSON.stringify({ passed, steps: STEPS, growthSinceStep100Megabytes: rounded(growth.early), growthSinceStep500Megabytes: rounded(growth.settled), path })}\n`,
);
process.exitCode = passed ? 0 : 1;
