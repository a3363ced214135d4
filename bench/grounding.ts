/**
 * Measures whether the visual reward ranks honest reasoning texts above four other kinds: texts with invented objects,
 * with false attributes, vague texts and bare lists. For real photos, the texts are labelled and the judges are
 * simulated with known error rates. The benchmark therefore tests the score, not a judge. For generated scenes, the
 * verifier knows the truth. Our number is from mode `verified` with a judge that is wrong about a tenth of the claims;
 * the peer's is from mode `paper`. Both are shares of all pairs on the real photos.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import { generateWorld } from '../src/miniature/generate.ts';
import { openWorld } from '../src/miniature/world.ts';
import { type Bench, rounded } from './bench.ts';
import { compare, type Comparison } from './grounding/compare.ts';
import { JUDGES } from './grounding/judges.ts';
import { readLabelled } from './grounding/labelled.ts';
import { modeScores, SEEDS, verifiedScores } from './grounding/photos.ts';
import { sceneScores } from './grounding/scenes.ts';

const SCENES = 200;
const WORLD = { scenes: 400, seed: 15 };

export const bench: Bench = async ({ note }) => {
  const grounder = await openGrounder();
  const photos = await readLabelled();
  const real: Record<string, Comparison> = {};
  for (const from of ['prose', 'evidence'] as const) {
    for (const judge of JUDGES) {
      real[`verified, ${from}, ${judge.name}`] = compare(verifiedScores(photos, { grounder, judge, from }));
    }
  }
  for (const mode of ['paper', 'reference'] as const) {
    real[mode] = compare(await modeScores(photos, { grounder, mode }));
  }
  const folder = await mkdtemp(join(tmpdir(), 'globe-grounding-'));
  const generated: Record<string, Comparison> = {};
  try {
    const out = join(folder, 'world');
    note(`Drawing ${WORLD.scenes} scenes …`);
    await generateWorld({ out, ...WORLD, gazetteer: openGazetteer(), signal: new AbortController().signal });
    const world = await openWorld(out);
    for (const mode of ['verified', 'paper', 'reference'] as const) {
      generated[mode] = compare(await sceneScores(world, { grounder, mode, count: SCENES }));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const [ours, peer] = [pooled(real[`verified, prose, ${JUDGES[1]!.name}`]!), pooled(real['paper']!)];
  return {
    ratio: rounded(ours / peer),
    ours: rounded(ours),
    peer: rounded(peer),
    unit: 'share of pairs with the honest reasoning above',
    protocol: {
      photos: photos.length,
      seeds: SEEDS,
      scenes: SCENES,
      world: `${WORLD.scenes} scenes, seed ${WORLD.seed}`,
      intervals: '95 %, Wilson; pairs of one photo are not independent',
    },
    more: { real, generated },
  };
};

const pooled = ({ honestAbove }: Comparison): number => {
  const shares = Object.values(honestAbove);
  return shares.reduce((sum, { hits }) => sum + hits, 0) / shares.reduce((sum, { n }) => sum + n, 0);
};
