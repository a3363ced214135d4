/**
 * `npm run check:soak`: does training leak? 2,000 steps of a tiny model on batches of changing shape; resident memory after the first 100
 * must not grow by more than noise. Prints one line of JSON; exit code 1 when it fails. Needs `node --expose-gc`.
 */
import { random } from '../src/core/random.ts';
import { EmbeddedBackend } from '../src/nano/index.ts';
import { numberedImage, tinyCheckpoint } from '../test/support/tiny-nano.ts';

const STEPS = 2000;
const WARM_UP = 100;
/** Growth that allocators show without a leak: a leak of one batch's arrays would be 50 times as much. */
const TOLERANCE_MEGABYTES = 24;

const megabytes = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};

const generator = random(3);
const images = await Promise.all([1, 2, 3, 4].map(numberedImage));
await using backend = new EmbeddedBackend({ ...tinyCheckpoint(), optimizer: { maxGradientNorm: 1 } });
const prompt = backend.promptTokens({ prompt: 'Where was this photo taken?', image: true });
const path: number[] = [];
let first = 0;
for (let step = 1; step <= STEPS; step++) {
  const data = Array.from({ length: 4 + generator.integer(5) }, () => {
    const tokens = Array.from({ length: 8 + generator.integer(40) }, () => 10 + generator.integer(250));
    return {
      prompt: { image: images[generator.integer(4)]!, tokens: prompt },
      tokens,
      lossInputs: { weights: tokens.map(() => 0.01) },
    };
  });
  await backend.forwardBackward(data, { name: 'cross_entropy' });
  await backend.optimStep({ learningRate: 1e-3 });
  if (step === WARM_UP) first = megabytes();
  if (step % 100 === 0) path.push(Math.round(megabytes()));
}
const growth = megabytes() - first;
const passed = growth < TOLERANCE_MEGABYTES;
process.stdout.write(
  `${JSON.stringify({ passed, steps: STEPS, megabytesAfterWarmUp: Math.round(first), growthMegabytes: Math.round(growth * 10) / 10, path })}\n`,
);
process.exitCode = passed ? 0 : 1;
