/** Curates a reasoning dataset from a small generated world, with simulated annotators that make errors. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGazetteer, openGrounder } from 'globe-geolocation';
import { curate, lexicalMeaning, openDataset, parseRecipe, readPhotos } from 'globe-geolocation/curation';
import * as miniature from 'globe-geolocation/miniature';

const folder = await mkdtemp(join(tmpdir(), 'globe-curate-'));
const signal = AbortSignal.timeout(300_000);
const gazetteer = openGazetteer();
const grounder = await openGrounder();

// For your own photos: pass a table with IMG_ID, LAT and LON, and open each annotator with openVisionModel.
const input = join(folder, 'world');
await miniature.generateWorld({ out: input, scenes: 120, seed: 1, gazetteer, signal });
const world = await miniature.openWorld(input);

const recipe = parseRecipe({
  mode: 'full',
  annotators: [{ model: 'careful' }, { model: 'bold' }],
  gps: { model: 'simulated' },
  segmentation: { model: 'truth' },
  split: null,
});
const { assembled } = await curate({
  root: folder,
  name: 'run',
  input,
  recipe,
  photos: await readPhotos(input),
  gazetteer,
  grounder,
  instruments: {
    annotators: new Map([
      ['careful', miniature.simulatedAnnotator(world, miniature.CAREFUL)],
      ['bold', miniature.simulatedAnnotator(world, miniature.BOLD)],
    ]),
    gps: miniature.simulatedGps(world, { gazetteer }),
    segmenter: miniature.truthSegmenter(world),
    meaning: lexicalMeaning(grounder),
  },
  oracle: miniature.miniatureOracle(world), // the true answers, used only to measure the gates
  signal,
});
console.log(assembled?.funnel, assembled?.quality);
const [train] = await openDataset(join(folder, 'run', 'dataset'));
console.log(`${train?.rowCount} reasonings in ${train?.path}`);
