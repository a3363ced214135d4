/**
 * The long form of test/curate-kill.test.ts. It kills curation runs with SIGKILL at random moments, by default fifty
 * times in total, and compares every run's dataset with that of an undisturbed run. `node
 * scripts/check/kill-curation.ts --kills 50`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { random } from '../../src/core/random.ts';
import { drawPhotos } from '../../test/support/curation-world.ts';
import { folderBytes } from '../../test/support/folder-bytes.ts';
import { curation, killAndResume } from '../../test/support/kill-runs.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    photos: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const wanted = Number(values.kills);
const folder = await mkdtemp(join(tmpdir(), 'globe-kill-'));
const runs = join(folder, 'runs');
const photos = join(folder, 'photos');
await drawPhotos(photos, Number(values.photos));
const generator = random(Number(values.seed));
await killAndResume({ ...curation({ photos, runs, name: 'whole' }), generator, kills: 0, maxLifetimeMs: 0 });
const whole = await folderBytes(join(runs, 'whole', 'dataset'));

let kills = 0;
let run = 0;
let differing = 0;
while (kills < wanted) {
  const name = `killed-${++run}`;
  kills += await killAndResume({
    ...curation({ photos, runs, name }),
    generator,
    kills: Math.min(5, wanted - kills),
    maxLifetimeMs: 600,
  });
  const same = isDeepStrictEqual(await folderBytes(join(runs, name, 'dataset')), whole);
  if (!same) differing += 1;
  process.stderr.write(`${kills} kills, run ${run}: ${same ? 'the same bytes' : 'DIFFERENT'}\n`);
}
await rm(folder, { recursive: true });
process.stdout.write(`${JSON.stringify({ kills, runs: run, differing, photos: Number(values.photos) })}\n`);
if (differing > 0) process.exitCode = 1;
