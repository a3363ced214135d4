/** `globe export RUN`: writes the answers of a run of `globe locate` in a format for another program. */
import { Command, Option } from 'commander';
import { invalidInput } from '../../core/errors.ts';
import { readReviewedRun } from '../../locator/run/run-results.ts';
import { RUNS_FOLDER } from '../../storage/run-folder.ts';
import { deliver, EXPORT_FORMATS } from '../locate/render.ts';
import type { ExportFormat } from '../locate/render.ts';
import { planSidecars, printPlan, SIDECAR_NAMES, writeSidecars } from '../locate/write-sidecars.ts';
import type { SidecarPlanOptions } from '../locate/write-sidecars.ts';
import { note, print } from '../output.ts';

type Options = {
  readonly format: ExportFormat | 'xmp';
  readonly runs: string;
  readonly output?: string;
  readonly keepFormulas?: true;
  readonly write?: true;
  readonly overwrite?: true;
  readonly sidecarNames: SidecarPlanOptions['names'];
};

export function command(): Command {
  return new Command('export')
    .description('Write the answers of a run of globe locate for another program, with the decisions of its review.')
    .argument('<run>', 'name in runs/, or folder of a run')
    .addOption(
      new Option('--format <format>', 'xmp: sidecars beside the photos; others: one file')
        .choices([...EXPORT_FORMATS, 'xmp'])
        .default('csv'),
    )
    .option('--output <file>', 'write to this file instead of stdout')
    .option('--runs <folder>', 'folder of runs', RUNS_FOLDER)
    .option('--keep-formulas', 'CSV: leave texts as they are that a spreadsheet would run as formulas')
    .option('--write', 'xmp: write the sidecars; without it, only a preview is printed')
    .option('--overwrite', 'xmp: replace positions and places that are there already')
    .addOption(
      new Option(
        '--sidecar-names <form>',
        'xmp: full is photo.jpg.xmp (darktable, digiKam), stem is photo.xmp (Lightroom)',
      )
        .choices(SIDECAR_NAMES)
        .default('full'),
    )
    .action(run);
}

async function run(name: string, options: Options): Promise<void> {
  const { format, output, sidecarNames: names } = options;
  const located = await readReviewedRun(name, options);
  if (format !== 'xmp') {
    await deliver(format, located, { output, keepFormulas: options.keepFormulas === true });
    return;
  }
  if (output !== undefined) {
    throw invalidInput(
      `--output ${output} does not apply to xmp: sidecars lie beside their photos.`,
      'Remove --output.',
    );
  }
  const date = new Date().toISOString().slice(0, 10);
  const planned = await planSidecars(located, { names, date, overwrite: options.overwrite === true });
  if (options.write === true) return writeSidecars(planned);
  printPlan(planned, print);
  note('This is a preview. Add --write to write the sidecars; the photos themselves are never changed.');
}
