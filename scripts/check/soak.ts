/**
 * `npm run check:soak` tests that training does not leak memory: 2,000 steps of a tiny model on batches of many shapes.
 * The first 100 steps cover all shapes. After them, resident memory must stay constant. The script prints a line of
 * JSON, and exits with 1 on failure. It needs `node --expose-gc` and a fixed size of V8's young generation, which
 * otherwise grows by 15 MB at an unpredictable step.
 */
import { random } from '../../src/core/random.ts';
import { EmbeddedBackend } from '../../src/training/backends/embedded-backend.ts';
import { numberedImage, tinyCheckpoint } from '../../test/support/tiny-nano.ts';

const STEPS = 2000;
/** Step after which memory growth is measured. */
const WARM = 100;
/** Maximum growth of memory. A leak of one batch's arrays at each step would be two hundred times as large. */
const TOLERANCE_MEGABYTES = 8;

const megabytes = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};

const generator = random(3);
const images = await Promise.all([1, 2, 3, 4].map(numberedImage));
await using backend = new EmbeddedBackend({ ...tinyCheckpoint(), threads: 1, optimizer: { maxGradientNorm: 1 } });
const prompt = backend.promptTokens({ prompt: 'Where was this photo taken?', image: true });
const path: number[] = [];
let warm = 0;
for (let step = 1; step <= STEPS; step++) {
  // There are 5 batch sizes, 40 lengths and 4 counts of images, so the shapes repeat every 40 steps.
  const data = Array.from({ length: 4 + (step % 5) }, (_, i) => {
    const tokens = Array.from({ length: 8 + ((step * 7) % 40) }, () => 10 + generator.integer(250));
    return {
      prompt: { image: images[i % (1 + (step % 4))]!, tokens: prompt },
      tokens,
      lossInputs: { weights: tokens.map(() => 0.01) },
    };
  });
  await backend.forwardBackward(data, { name: 'cross_entropy' });
  await backend.optimStep({ learningRate: 1e-3 });
  if (step === WARM) warm = megabytes();
  if (step % 100 === 0) path.push(Math.round(megabytes()));
}
const growth = megabytes() - warm;
const passed = growth < TOLERANCE_MEGABYTES;
process.stdout.write(
  `${JSON.stringify({ passed, steps: STEPS, growthSinceStep100Megabytes: Math.round(growth * 10) / 10, path })}\n`,
);
process.exitCode = passed ? 0 : 1;
