/**
 * Curates the drawn world in a separate process, which tests kill: `node curate-child.ts PHOTOS RUNS NAME`. Each
 * annotator takes a few turns of the event loop, so that kills happen during requests and while logs are written.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { curate } from '../../src/curation/run/curate.ts';
import { seedFrom } from '../../src/core/random.ts';
import type { VisionModel } from '../../src/vision/vision-model.ts';
import { openWorld } from './curation-world.ts';

const [input, root, name] = process.argv.slice(2) as [string, string, string];
const world = await openWorld(input);

const slow = (model: VisionModel): VisionModel => ({
  name: model.name,
  generate: async (request) => {
    await wait(seedFrom(`${request.seed}`) % 8);
    return model.generate(request);
  },
});

process.stdout.write('ready\n');
await curate({
  ...world.bench,
  recipe: world.recipe,
  root,
  name,
  input,
  photos: world.photos,
  instruments: {
    ...world.instruments,
    annotators: new Map([...world.instruments.annotators].map(([key, model]) => [key, slow(model)])),
  },
  oracle: world.oracle,
  blockPhotos: 48,
  signal: new AbortController().signal,
});
