import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { prepareImage } from './prepare-image.ts';

const small = readFileSync(join(import.meta.dirname, 'fixtures/two-colours.heic'));
/** An image of 8000 × 6000 pixels in one colour. The file has only 11 kB. */
const large = readFileSync(join(import.meta.dirname, 'fixtures/flat-48-megapixels.heic'));

it('decodes a large HEIC file without holding up the event loop', async () => {
  await prepareImage(small);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await prepareImage(large);
  delay.disable();
  expect(delay.max / 1e6).toBeLessThan(500);
});

it('stops when the signal aborts, and decodes the next file', async () => {
  const abort = new AbortController();
  const start = performance.now();
  const stopped = prepareImage(large, { signal: abort.signal });
  await wait(50);
  abort.abort(new Error('late'));
  await expect(stopped).rejects.toThrow('late');
  expect(performance.now() - start).toBeLessThan(1000);
  expect(await prepareImage(small)).toHaveProperty('sha256');
});

it('stops after its time, and names the reason', async () => {
  await expect(prepareImage(large, { timeoutSeconds: 0.05 })).rejects.toThrow(
    'decoding the image takes more than 0.05 s',
  );
});
