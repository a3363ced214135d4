/**
 * `npm run bench -- NAME [--runs N] [--json]` runs a benchmark against its peer, writes bench/results/NAME.json and
 * prints `{ name, ratio, ours, peer, unit, runs, machine, … }`. A ratio above 1 means that our side is better. Each
 * benchmark installs its peer outside the checkout.
 */
import { mkdir } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defined } from '../src/core/defined.ts';
import { writeFileAtomic } from '../src/storage/atomic-file.ts';
import { describeMachine, provenance } from '../src/storage/provenance.ts';
import type { Bench, BenchResult } from './bench.ts';

/** The benchmarks by name. Each is imported only when it runs. */
const BENCHES: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  client: () => import('./client.ts'),
  rewards: () => import('./rewards.ts'),
  'reward-service': () => import('./reward-service.ts'),
  'nano-training': () => import('./nano-training.ts'),
  'nano-sampling': () => import('./nano-sampling.ts'),
  'grpo-step': () => import('./grpo-step.ts'),
  grounding: () => import('./grounding.ts'),
  extraction: () => import('./extraction.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
});
const [name = ''] = positionals;
const load = BENCHES[name];
const runs = Number(values.runs);
if (load === undefined || !Number.isSafeInteger(runs) || runs < 1) {
  process.stderr.write(
    `Usage: npm run bench -- NAME [--runs N] [--json], NAME one of: ${Object.keys(BENCHES).join(', ')}\n`,
  );
  process.exit(2);
}

const { bench } = await load();
/**
 * The system's load average over the last minute. It is recorded because other work on the machine slows both sides.
 */
const loadBefore = loadavg()[0]!;
const measured = await bench({ runs, note: (text) => process.stderr.write(`${text}\n`) });
const { commit, version } = provenance();
const result: BenchResult = {
  name,
  ...measured,
  runs,
  machine: { ...describeMachine(), loadBefore: Number(loadBefore.toFixed(1)) },
  version,
  ...defined({ commit }),
};
const folder = join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
await writeFileAtomic(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else
  process.stdout.write(
    `${name}: ${result.ours} against ${result.peer} ${result.unit}, ratio ${result.ratio} (median of ${runs} interleaved runs)\n`,
  );
