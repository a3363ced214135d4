/**
 * Trains a new embedded model for a few steps on a small generated world. docs/training.md describes a longer training.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGazetteer, openGrounder, prepareImage } from 'globe-geolocation';
import { BOLD, CAREFUL, generateWorld, openWorld, simulatedAnnotator, worldSource } from 'globe-geolocation/miniature';
import { embeddedBackends, openRun, train, trainRecipeSchema } from 'globe-geolocation/training';
import { openNanoModel } from 'globe-geolocation/vision';

const folder = await mkdtemp(join(tmpdir(), 'globe-train-'));
const signal = AbortSignal.timeout(600_000);
const gazetteer = openGazetteer();
await generateWorld({ out: join(folder, 'world'), scenes: 30, seed: 1, gazetteer, signal });
const world = await openWorld(join(folder, 'world'));

const recipe = trainRecipeSchema.parse({
  method: 'sft',
  model: { size: 'small', vocabularySize: 512 },
  data: { train: 'world', trainImages: 12 },
  prompt: 'short',
  batchSize: 8,
  epochs: 1,
  learningRate: 1e-3,
});
// The run's folder contains metrics and checkpoints. If the example runs again, it resumes from the last checkpoint.
const run = await openRun({ root: folder, name: 'sft', options: { recipe } });
const result = await train({
  recipe,
  source: worldSource(world), // use datasetSource(PATH) for a curated dataset
  annotators: [CAREFUL, BOLD].map((profile) => ({ model: simulatedAnnotator(world, profile), samples: 1 })),
  backends: embeddedBackends,
  run,
  gazetteer,
  grounder: await openGrounder(),
  signal,
  now: () => performance.now(),
  onStep: (step, steps, { metrics }) => console.log(`step ${step + 1} of ${steps}, loss`, metrics['loss']),
});
await run.complete({ stepsDone: result.stepsDone });
await run.release();

const model = await openNanoModel(run.file('model'));
const image = await prepareImage(join(world.folder, 'images', world.scenes[0]!.id));
const request = { image, prompt: 'Where was this photo taken?', samples: 1, temperature: 0, maxTokens: 16, signal };
const [answer] = await model.generate(request);
console.log(`After ${result.steps} steps the model has learnt little. It answers ${JSON.stringify(answer?.text)}.`);
