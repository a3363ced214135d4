/**
 * Attacks GLOBE on this machine, over loopback only. `npm run test:attack` takes about ten minutes, with `-- --full`
 * about 90 on two quiet cores. `-- NAME…` runs only the attacks with these names. Prints progress to stderr and a
 * summary to stdout. Exits with 1 if a case did not end as expected.
 *
 * A full run records each finished part in runs/attack-full, and the same command resumes it. A full run writes its
 * result to results/attack.json. Other runs write a result only with `--output FILE`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../../../src/core/errors.ts';
import { duration, progressLine } from '../../../src/cli/progress.ts';
import { openAppendLog } from '../../../src/storage/append-log.ts';
import { provenance } from '../../../src/storage/provenance.ts';
import { openRun, RUNS_FOLDER } from '../../../src/storage/run-folder.ts';
import type { Attack, Outcome, Part, Size, Tools } from './attack.ts';
import { corruption } from './corruption.attack.ts';
import { images } from './images.attack.ts';
import { judge } from './judge.attack.ts';
import { kills } from './kills.attack.ts';
import { linearity } from './linearity.attack.ts';
import { requests } from './requests.attack.ts';
import { summarize } from './summarize.ts';

const ATTACKS: readonly Attack[] = [linearity, requests, images, judge, kills, corruption];
const names = ATTACKS.map(({ name }) => name);
const FULL_RESULT = join(import.meta.dirname, '../../../results/attack.json');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    run: { type: 'string' },
    output: { type: 'string' },
  },
});
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) throw new Error(`Unknown attack: ${unknown}. Use ${names.join(', ')}.`);
const chosen = ATTACKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const size: Size = values.full ? 'full' : 'short';
const scratch = await mkdtemp(join(tmpdir(), 'globe-attack-'));

const recordSchema = z.object({
  attack: z.string(),
  part: z.string(),
  seconds: z.number(),
  /** The system's load average over the minute before the part ended. */
  load: z.number(),
  failures: z.array(z.string()),
  measured: z.record(z.string(), z.array(z.number())).exactOptional(),
  counts: z.record(z.string(), z.number()).exactOptional(),
});
type PartRecord = z.infer<typeof recordSchema>;

/** Runs a part. An error counts as a failure of the part, so that the other parts still run. */
async function runPart(part: Part, tools: Tools): Promise<Outcome> {
  try {
    return await part.run(tools);
  } catch (error) {
    return { failures: [`${part.name} ended with an error: ${messageOf(error)}`] };
  }
}

/** Runs the parts of an attack that have no record yet. */
async function runAttack(
  attack: Attack,
  { records, save }: { records: readonly PartRecord[]; save: (record: PartRecord) => Promise<void> },
) {
  const parts = await attack.parts(size);
  const folder = await mkdtemp(join(scratch, `${attack.name}-`));
  const total = parts.reduce((sum, { cases }) => sum + cases, 0);
  const progress = progressLine(total, { label: `${attack.name}: ${attack.unit}` });
  const finished: PartRecord[] = [];
  let done = 0;
  let failed = 0;
  for (const part of parts) {
    const known = records.find((record) => record.attack === attack.name && record.part === part.name);
    let record = known;
    if (record === undefined) {
      const start = performance.now();
      const outcome = await runPart(part, {
        scratch: folder,
        onProgress: (count) => progress.update(Math.min(done + count, total - 1), `${failed} failures`),
      });
      const seconds = (performance.now() - start) / 1000;
      record = { attack: attack.name, part: part.name, seconds, load: loadavg()[0]!, ...plain(outcome) };
      await save(record);
      for (const failure of record.failures) process.stderr.write(`\n${attack.name}, ${part.name}: ${failure}\n`);
    }
    finished.push(record);
    done += part.cases;
    failed += record.failures.length;
    progress.update(done, `${failed} failures`);
  }
  progress.end();
  await rm(folder, { recursive: true, force: true });
  return summarize({ name: attack.name, unit: attack.unit, cases: total, parts: finished });
}

/** Copies the outcome into mutable arrays, which can be saved. */
const plain = ({ failures, measured, counts }: Outcome) => ({
  failures: [...failures],
  ...(measured && { measured: Object.fromEntries(Object.entries(measured).map(([key, list]) => [key, [...list]])) }),
  ...(counts && { counts: { ...counts } }),
});

const facts = provenance();
const resumable = values.full || values.run !== undefined;
await using run = await openRun({
  root: resumable ? RUNS_FOLDER : scratch,
  name: values.run ?? `attack-${size}`,
  options: { command: 'attack', size, commit: facts.commit ?? facts.version },
});
const log = await openAppendLog(run.file('parts.jsonl'), { digests: true, schema: recordSchema });
const results = [];
const started = performance.now();
for (const attack of chosen) {
  results.push(await runAttack(attack, { records: log.records, save: (record) => log.append(record) }));
}
await log.close();
await rm(scratch, { recursive: true, force: true });

const passed = results.every(({ failures }) => failures.length === 0);
for (const { name, unit, cases, failures, seconds, measured } of results) {
  const words = Object.entries(measured).map(([key, { median, p99, max }]) => `${key} ${median} / ${p99} / ${max}`);
  process.stdout.write(
    `${failures.length === 0 ? 'passed' : 'FAILED'}  ${name}: ${cases} ${unit}, ${failures.length} failures, ${duration(1000 * seconds)}${words.length === 0 ? '' : ` (median / p99 / max: ${words.join('; ')})`}\n`,
  );
}
process.stdout.write(
  `${passed ? 'Every attack passed' : 'An attack FAILED'} after ${duration(performance.now() - started)}.\n`,
);
const output = values.output ?? (values.full && positionals.length === 0 ? FULL_RESULT : undefined);
if (output !== undefined) {
  const result = { command: 'npm run test:attack', size, passed, ...facts, attacks: results };
  await writeFile(output, `${JSON.stringify(result, null, 2)}\n`);
}
process.exitCode = passed ? 0 : 1;
