/**
 * `globe reproduce`: repeats the experiments of the paper's tables in the generated world. It runs unattended and can
 * be resumed.
 */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { invalidInput } from '../../core/errors.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { BACKBONES, type Backbone } from '../../reproduction/arms.ts';
import { tableMarkdown } from '../../reproduction/markdown.ts';
import { readPlan } from '../../reproduction/plan.ts';
import { reproduce, search } from '../../reproduction/reproduce.ts';
import { COMPARISONS, TABLES, type TableName } from '../../reproduction/results.ts';
import { packageFile, shippedPath } from '../../storage/package-files.ts';
import type { UnitEvent } from '../../storage/units.ts';
import { integer } from '../option-values.ts';
import { probeCommand } from '../reproduce/probe.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';
import { duration, progressLines } from '../progress.ts';

/** The plan is part of the package, so that the command finds it in any working folder. */
const DEFAULT_PLAN = packageFile('recipes/reproduce-miniature.yaml');
const DEFAULT_RUNS = 'runs/reproduce-miniature';

type Options = {
  readonly scale: 'miniature' | 'full';
  readonly plan: string;
  readonly runs: string;
  readonly out?: string;
  readonly seeds?: readonly number[];
  readonly base?: Partial<Record<Backbone, string>>;
  readonly json?: true;
};

export function command(): Command {
  return new Command('reproduce')
    .description(
      "Repeat the experiments of the paper's tables with small models in the generated world. The same command resumes an interrupted run.",
    )
    .addArgument(
      new Argument(
        '<table>',
        'table to measure, the registered comparison or its pilot, or the hyper-parameter search',
      ).choices([...TABLES, ...COMPARISONS, 'all', 'search']),
    )
    .addOption(
      new Option('--scale <scale>', 'scale of the experiment; full is not supported')
        .choices(['miniature', 'full'])
        .default('miniature'),
    )
    .option('--plan <file>', 'plan of the experiment (YAML)', DEFAULT_PLAN)
    .option('--runs <folder>', 'folder for finished units of work', DEFAULT_RUNS)
    .option('--out <folder>', 'folder for result files (default: that of --runs)')
    .option('--seeds <list>', "training seeds, e.g. 1,2,3 (default: the plan's)", seedList)
    .option('--base <backbone=folder>', 'checkpoint to start from instead of pretraining; repeatable', baseOption)
    .option('--json', 'print the results as JSON')
    .addCommand(probeCommand())
    .action(run);
}

async function run(table: TableName | 'all' | 'search', options: Options): Promise<void> {
  if (options.scale === 'full') throw notAtFullScale();
  using interrupt = interruptSignal();
  const plan = await readPlan(shippedPath(options.plan));
  const { runs, out = runs, seeds, base, json } = options;
  const show = unitProgress();
  const common = {
    plan: seeds === undefined ? plan : { ...plan, seeds: [...seeds] },
    root: runs,
    out,
    bases: base ?? {},
    gazetteer: openGazetteer(),
    grounder: await openGrounder(),
    signal: interrupt.signal,
    now: () => performance.now(),
    onEvent: show.event,
  };
  const measured =
    table === 'search'
      ? search(common).then(({ result, files }) => ({ results: [result], files }))
      : reproduce({ ...common, tables: table === 'all' ? TABLES : [table] }).then(({ tables, files }) => ({
          results: tables,
          files,
        }));
  const { results, files } = await measured.finally(() => {
    show.end();
    if (interrupt.signal.aborted) note('Interrupted. Finished work is kept: run the same command again to resume.');
  });
  if (json === true) printJson(results);
  else print(results.map(tableMarkdown).join('\n'));
  note(`Wrote ${files.join(', ')}.`);
}

function notAtFullScale(): Error {
  return invalidInput(
    'Full scale is not supported. It needs MP-16 with its images, annotations by two large models, and a training engine for Qwen2.5-VL-7B and InternVL3-8B on 8 GPUs of 80 GB.',
    'Use --scale miniature. For full scale, curate with `globe curate`, train on its output with your own engine, and measure with `globe evaluate`.',
  );
}

/** Prints the number and progress of each unit, with an estimate of the remaining time. */
function unitProgress(): { event: (event: UnitEvent) => void; end: () => void } {
  const lines = progressLines();
  let label = '';
  let skipped = 0;
  return {
    end: lines.end,
    event: (event) => {
      switch (event.kind) {
        case 'kept':
          skipped += 1;
          return;
        case 'started':
          if (skipped > 0) note(`${skipped} units were already finished.`);
          skipped = 0;
          label = `[${event.number}/${event.total}] ${event.unit.name}`;
          note(`${label} …`);
          return;
        case 'progress':
          lines.update(event.pass === undefined ? label : `${label}, ${event.pass}`, event);
          return;
        case 'finished': {
          lines.end();
          const left = event.leftSeconds === undefined ? '' : `; about ${duration(1000 * event.leftSeconds)} left`;
          note(`${label} took ${duration(1000 * event.seconds)}${event.number === event.total ? '' : left}`);
          return;
        }
        case 'waiting':
          lines.end();
          note(`Waiting: ${event.reason}`);
          return;
        case 'note':
          lines.end();
          note(`${label}: ${event.text}`);
      }
    },
  };
}

function seedList(text: string): number[] {
  const seeds = text.split(',').map((part) => integer(part.trim()));
  if (new Set(seeds).size < seeds.length)
    throw new InvalidArgumentError('Each seed must be different from the others.');
  return seeds;
}

function baseOption(text: string, before: Partial<Record<Backbone, string>> = {}): Partial<Record<Backbone, string>> {
  const [name, ...rest] = text.split('=');
  const backbone = BACKBONES.find((known) => known === name);
  if (backbone === undefined || rest.join('=') === '') {
    throw new InvalidArgumentError(`Use ${BACKBONES.map((known) => `${known}=FOLDER`).join(' or ')}.`);
  }
  return { ...before, [backbone]: rest.join('=') };
}
