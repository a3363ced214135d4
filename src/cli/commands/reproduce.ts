/** `globe reproduce`: the paper's tables measured in miniature, unattended and resumable. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { invalidInput } from '../../core/errors.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { BACKBONES, type Backbone } from '../../reproduction/arms.ts';
import { tableMarkdown } from '../../reproduction/markdown.ts';
import { readPlan } from '../../reproduction/plan.ts';
import { reproduce, search } from '../../reproduction/reproduce.ts';
import { TABLES, type TableName } from '../../reproduction/results.ts';
import { packageFile, shippedPath } from '../../storage/package-files.ts';
import type { UnitEvent } from '../../storage/units.ts';
import { integer } from '../option-values.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';
import { duration, progressLines } from '../progress.ts';

/** Beside the program, wherever it is called from. */
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
      "The paper's tables, measured in the generated world with small models. Stop it at any moment; the same command continues.",
    )
    .addArgument(
      new Argument('<table>', 'which table; or the search over hyper-parameters').choices([...TABLES, 'all', 'search']),
    )
    .addOption(new Option('--scale <scale>', 'miniature runs here').choices(['miniature', 'full']).default('miniature'))
    .option('--plan <file>', 'every number of the experiment (YAML)', DEFAULT_PLAN)
    .option('--runs <folder>', 'where the units of work are kept', DEFAULT_RUNS)
    .option('--out <folder>', 'where the result files go (default: the folder of --runs)')
    .option('--seeds <list>', "training seeds, e.g. 1,2,3 (default: the plan's)", seedList)
    .option(
      '--base <backbone=folder>',
      'start from this checkpoint instead of pretraining; repeat for both',
      baseOption,
    )
    .option('--json', 'print the results as JSON')
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
  const made =
    table === 'search'
      ? search(common).then(({ result, files }) => ({ results: [result], files }))
      : reproduce({ ...common, tables: table === 'all' ? TABLES : [table] }).then(({ tables, files }) => ({
          results: tables,
          files,
        }));
  const { results, files } = await made.finally(() => {
    show.end();
    if (interrupt.signal.aborted) note('Stopped. Nothing is lost: the same command continues.');
  });
  if (json === true) printJson(results);
  else print(results.map(tableMarkdown).join('\n'));
  note(`Written: ${files.join(', ')}.`);
}

function notAtFullScale(): Error {
  return invalidInput(
    'Full scale needs what is not part of this command: MP-16 with its images, annotations by two large models, and a training engine for Qwen2.5-VL-7B and InternVL3-8B on 8 GPUs of 80 GB.',
    'Curate with `globe curate`, train on what it writes with an engine of your own, measure with `globe evaluate`; or reproduce in miniature: --scale miniature.',
  );
}

/** Which unit of how many, its own progress, and the time left where it can be told. */
function unitProgress(): { event: (event: UnitEvent) => void; end: () => void } {
  const lines = progressLines();
  let label = '';
  let kept = 0;
  return {
    end: lines.end,
    event: (event) => {
      switch (event.kind) {
        case 'kept':
          kept += 1;
          return;
        case 'started':
          if (kept > 0) note(`${kept} units had been finished before.`);
          kept = 0;
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
  if (new Set(seeds).size < seeds.length) throw new InvalidArgumentError('A seed is named twice.');
  return seeds;
}

function baseOption(text: string, before: Partial<Record<Backbone, string>> = {}): Partial<Record<Backbone, string>> {
  const [name, ...rest] = text.split('=');
  const backbone = BACKBONES.find((known) => known === name);
  if (backbone === undefined || rest.join('=') === '') {
    throw new InvalidArgumentError(`Write ${BACKBONES.map((known) => `${known}=FOLDER`).join(' or ')}.`);
  }
  return { ...before, [backbone]: rest.join('=') };
}
