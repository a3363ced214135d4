/**
 * Compares the rule rewards (accuracy, visual, format) with the released plugin's formulas in Python, on the same
 * completions with one thread each. The ratio is that of our `reference` mode, which computes the same numbers as the
 * plugin. Our `paper` mode does more (parts of speech, places by gazetteer), so its time is reported separately.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import type { TotalReward } from '../src/reward/combine.ts';
import { createReward } from '../src/reward/create-reward.ts';
import type { RewardInput, RewardMode } from '../src/reward/reward.ts';
import { responseRows } from '../test/support/response-rows.ts';
import { sharedData } from '../test/support/shared-data.ts';
import { type Bench, medianOf, rounded } from './bench.ts';
import { type PeerProcess, startPeer } from './support/peer-process.ts';

/** Number of passes over the rows in a timed run. For fast sides, one pass would be too short to measure. */
const PASSES = { reference: 40, paper: 1, peer: 40 } as const;
const COMPONENTS = ['accuracy', 'visual', 'format'] as const;

type Run = { readonly perSecond: number; readonly perCpuSecond: number; readonly sums: readonly number[] };
type Side = keyof typeof PASSES;

export const bench: Bench = async ({ runs, note }) => {
  const folder = sharedData('predictions');
  if (folder === undefined) throw new Error('Missing: ../shared/data, the responses of real models (not shipped).');
  const rows = responseRows(folder).map((row) => ({
    ...row,
    elements: row.entityTags.map((label) => ({ label: label.toLowerCase(), share: 0 })),
  }));
  const scratch = await mkdtemp(join(tmpdir(), 'globe-bench-'));
  const file = join(scratch, 'rows.json');
  await writeFile(file, JSON.stringify(rows.map(forPeer)));
  const peer = startPeer('python3', [join(import.meta.dirname, 'python/rewards.py'), file]);
  try {
    const sides: Record<Side, () => Promise<Run>> = {
      reference: await ourSide('reference', rows),
      paper: await ourSide('paper', rows),
      peer: () => peerSide(peer, rows.length),
    };
    const results = await turns(runs, sides, note);
    checkSame(results.reference[0]!, results.peer[0]!);
    return summary(results, rows);
  } finally {
    peer.end();
    await rm(scratch, { recursive: true });
  }
};

const forPeer = ({ completion, truth, entityTags }: RewardInput): object => ({
  completion,
  country: truth.country,
  city: truth.city,
  tags: entityTags,
});

async function ourSide(mode: RewardMode & Side, rows: readonly RewardInput[]): Promise<() => Promise<Run>> {
  const weights = { accuracy: 1, visual: 1, format: 1 };
  const reward = createReward({ mode, weights, gazetteer: openGazetteer(), grounder: await openGrounder() });
  const { signal } = new AbortController();
  return async () => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    let totals: readonly TotalReward[] = [];
    for (let pass = 0; pass < PASSES[mode]; pass++) totals = await reward.score(rows, { signal });
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const done = PASSES[mode] * rows.length;
    const valueOf = (score: { kind: string; value?: number } | undefined): number => score?.value ?? Number.NaN;
    const sums = COMPONENTS.map((name) => totals.reduce((sum, { components }) => sum + valueOf(components[name]), 0));
    return { perSecond: done / seconds, perCpuSecond: (done * 1e6) / (user + system), sums };
  };
}

async function peerSide(peer: PeerProcess, rows: number): Promise<Run> {
  const { seconds, cpuSeconds, sums } = await peer.ask(PASSES.peer);
  const done = PASSES.peer * rows;
  return {
    perSecond: done / (seconds as number),
    perCpuSecond: done / (cpuSeconds as number),
    sums: sums as number[],
  };
}

/** Runs the three sides in turn, after a warm-up. Each round starts with another side. */
async function turns(
  runs: number,
  sides: Record<Side, () => Promise<Run>>,
  note: (text: string) => void,
): Promise<Record<Side, Run[]>> {
  const names = Object.keys(sides) as Side[];
  const results: Record<Side, Run[]> = { reference: [], paper: [], peer: [] };
  for (const name of names) await sides[name]();
  for (let run = 0; run < runs; run++) {
    for (const i of names.keys()) {
      const name = names[(i + run) % names.length]!;
      const result = await sides[name]();
      results[name].push(result);
      note(`${name}: ${Math.round(result.perSecond)} completions/s`);
    }
  }
  return results;
}

function checkSame(ours: Run, peer: Run): void {
  if (ours.sums.some((sum, i) => Math.abs(sum - peer.sums[i]!) > 1e-6)) {
    throw new Error(`The two sides computed different rewards: ${ours.sums.join(', ')} and ${peer.sums.join(', ')}.`);
  }
}

function summary(results: Record<Side, Run[]>, rows: readonly RewardInput[]): Awaited<ReturnType<Bench>> {
  const rate = (name: Side): number => medianOf(results[name], ({ perSecond }) => perSecond);
  const cpuRate = (name: Side): number => medianOf(results[name], ({ perCpuSecond }) => perCpuSecond);
  const characters = rows.reduce((sum, { completion }) => sum + completion.length, 0) / rows.length;
  return {
    ratio: rounded(rate('reference') / rate('peer')),
    ours: rounded(rate('reference')),
    peer: rounded(rate('peer')),
    unit: 'completions/s',
    protocol: {
      completions: rows.length,
      meanCharacters: Math.round(characters),
      ours: 'createReward, mode reference: accuracy, visual, format and their sum, one thread, warm',
      peer: 'Python, standard library: the same three rewards, one thread, warm; the sums are checked to be equal',
      paper:
        'createReward, mode paper: place matching by the gazetteer, entities by parts of speech; nothing is cached but place names',
    },
    more: {
      paper: { ours: rounded(rate('paper')), ratio: rounded(rate('paper') / rate('peer')) },
      perCpuSecond: {
        reference: rounded(cpuRate('reference')),
        paper: rounded(cpuRate('paper')),
        peer: rounded(cpuRate('peer')),
        ratio: rounded(cpuRate('reference') / cpuRate('peer')),
        paperRatio: rounded(cpuRate('paper') / cpuRate('peer')),
      },
      all: Object.fromEntries(
        Object.entries(results).map(([name, list]) => [name, list.map(({ perSecond }) => rounded(perSecond))]),
      ),
    },
  };
}
