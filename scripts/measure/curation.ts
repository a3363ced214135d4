/**
 * Measures curation in the generated world: the three modes of Table 5 on the same photos, the precision and recall of
 * each gate, and the error rate of the accepted reasoning texts. Writes results/curation-modes.json. `node
 * scripts/measure/curation.ts --scenes 6000 --seed 1 --seed 2`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openInstruments } from '../../src/cli/curate/open-instruments.ts';
import { proportionText } from '../../src/curation/dataset/card.ts';
import { curate } from '../../src/curation/run/curate.ts';
import { openMiniatureOracle } from '../../src/miniature/adapters/world-oracle.ts';
import { readPhotos } from '../../src/curation/observe/read-photos.ts';
import { readRecipe } from '../../src/curation/recipe/read-recipe.ts';
import { MODES } from '../../src/curation/recipe/recipe.ts';
import type { Mode } from '../../src/curation/recipe/recipe.ts';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import { openGrounder } from '../../src/grounding/entity-grounder.ts';
import { generateWorld } from '../../src/miniature/generate.ts';
import { writeFileAtomic } from '../../src/storage/atomic-file.ts';
import { provenance } from '../../src/storage/provenance.ts';

const RECIPE = 'recipes/curate-miniature.yaml';
const OUT = 'results/curation-modes.json';

const { values } = parseArgs({
  options: {
    scenes: { type: 'string', default: '6000' },
    // The recipe's thresholds were chosen on the world of seed 1. The world of seed 2 shows whether they also work in
    // another world.
    seed: { type: 'string', multiple: true, default: ['1', '2'] },
  },
});
const signal = new AbortController().signal;
const gazetteer = openGazetteer();
const grounder = await openGrounder();

async function measure(mode: Mode, { input, root }: { input: string; root: string }) {
  const startedAt = performance.now();
  const recipe = await readRecipe(RECIPE, { mode });
  const photos = await readPhotos(input);
  const options = { input, gazetteer, grounder, allowDownload: false, quiet: true };
  const instruments = await openInstruments(recipe, options);
  const oracle = (await openMiniatureOracle(input))!;
  const { assembled } = await curate({ ...options, recipe, photos, instruments, oracle, root, name: mode, signal });
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  process.stderr.write(
    `${mode}: ${seconds} s, ${assembled!.funnel.train} kept, error ${proportionText(assembled!.quality!.error)}\n`,
  );
  return {
    mode,
    seconds,
    funnel: assembled!.funnel,
    quality: assembled!.quality!,
    table1: assembled!.statistics.train,
  };
}

const worlds = [];
for (const seed of values.seed.map(Number)) {
  const folder = await mkdtemp(join(tmpdir(), 'globe-curation-'));
  const input = join(folder, 'world');
  const drawnAt = performance.now();
  const { digest } = await generateWorld({ out: input, scenes: Number(values.scenes), seed, gazetteer, signal });
  const drawingSeconds = Math.round((performance.now() - drawnAt) / 100) / 10;
  process.stderr.write(`World ${seed}: ${values.scenes} scenes drawn in ${drawingSeconds} s.\n`);
  const modes: Awaited<ReturnType<typeof measure>>[] = [];
  for (const mode of MODES) modes.push(await measure(mode, { input, root: join(folder, 'runs') }));
  const errorOf = (mode: Mode): number => modes.find((entry) => entry.mode === mode)!.quality.error!.value;
  worlds.push({
    seed,
    scenes: Number(values.scenes),
    worldDigest: digest,
    drawingSeconds,
    errorRatioRandomToFull: errorOf('random') / errorOf('full'),
    modes,
  });
  await rm(folder, { recursive: true });
}
const note =
  'Generated photos and simulated annotators: these figures are about the pipeline, not about real photos or models.';
await writeFileAtomic(OUT, `${JSON.stringify({ note, recipe: RECIPE, ...provenance(), worlds }, null, 2)}\n`);
process.stdout.write(
  `${worlds.map(({ seed, errorRatioRandomToFull }) => `seed ${seed}: ${errorRatioRandomToFull.toFixed(1)} times fewer errors in full mode`).join('\n')}\n`,
);
