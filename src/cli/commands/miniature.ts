/** `globe miniature`: generates a world, and contact sheets of its scenes. */
import { Command, Option } from 'commander';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { contactSheet } from '../../miniature/contact-sheet.ts';
import { DEFAULT_PIXELS, generateWorld } from '../../miniature/generate.ts';
import { openWorld } from '../../miniature/world.ts';
import { writeOutputFile } from '../../storage/output-file.ts';
import { integer, share } from '../option-values.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';

type GenerateOptions = {
  scenes: number;
  seed: number;
  out: string;
  size: number;
  heldOut?: number;
  unseenCities?: number;
  unseenSeed?: number;
  json?: true;
};
type SheetOptions = {
  world: string;
  out: string;
  scenes: number;
  columns: number;
  tile: number;
  by: 'country' | 'setting' | 'difficulty' | 'none';
  seed: number;
};

export function command(): Command {
  return new Command('miniature')
    .description('Generate a world of small scenes with known places and contents: a stand-in for MP-16.')
    .addCommand(
      new Command('generate')
        .description('Draw scenes with metadata, segmentation shares and truth. The same seed gives the same bytes.')
        .option('--scenes <n>', 'number of photos, including the held-out ones', integer, 6000)
        .option('--seed <n>', 'seed of the world', integer, 1)
        .option('--size <pixels>', 'width and height of a photo', integer, DEFAULT_PIXELS)
        .option('--held-out <share>', 'share of held-out photos (default: a sixth)', share)
        .option(
          '--unseen-cities <n>',
          'cities drawn by lot that training does not show (default: 23 fixed ones)',
          integer,
        )
        .option('--unseen-seed <n>', 'seed of that lot (default: 1)', integer)
        .requiredOption('--out <folder>', 'new or empty folder')
        .option('--json', 'print the manifest as JSON')
        .action(generate),
    )
    .addCommand(
      new Command('sheet')
        .description('Write a contact sheet of a world (PNG).')
        .argument('<world>', 'folder of a generated world')
        .requiredOption('--out <file>', 'PNG to write')
        .option('--scenes <n>', 'number of scenes', integer, 100)
        .option('--columns <n>', 'scenes per row', integer, 10)
        .option('--tile <pixels>', 'width of a scene on the sheet', integer, DEFAULT_PIXELS)
        .addOption(
          new Option('--by <group>', 'property to group scenes by')
            .choices(['country', 'setting', 'difficulty', 'none'])
            .default('country'),
        )
        .option('--seed <n>', 'seed of the random selection', integer, 1)
        .action(async (world: string, options: Omit<SheetOptions, 'world'>) => sheet({ world, ...options })),
    );
}

async function generate(options: GenerateOptions): Promise<void> {
  const { scenes, seed, out, size, heldOut, unseenCities, unseenSeed, json } = options;
  if (unseenSeed !== undefined && unseenCities === undefined)
    throw invalidInput('--unseen-seed has no effect without --unseen-cities.', 'Give both options, or neither.');
  using interrupt = interruptSignal();
  const started = performance.now();
  const gazetteer = openGazetteer();
  const manifest = await generateWorld({
    out,
    scenes,
    seed,
    pixels: size,
    ...defined({ testShare: heldOut }),
    ...(unseenCities !== undefined && { unseen: { cities: unseenCities, seed: unseenSeed ?? 1 } }),
    gazetteer,
    signal: interrupt.signal,
    onProgress: (done) => {
      if (done % 500 === 0 || done === scenes) note(`${done} of ${scenes} scenes, ${seconds(started)} s`);
    },
  });
  if (json) return printJson(manifest);
  const { counts, digest } = manifest;
  print(
    `${out}: ${counts['train']} photos for training and ${counts['test']} held out, from ${counts['cities']} cities in ${counts['countries']} countries.`,
  );
  print(
    `urban ${counts['urban']}, natural ${counts['natural']}, indoor ${counts['indoor']}; easy ${counts['easy']}, country only ${counts['country-only']}, not localizable ${counts['not-localizable']}.`,
  );
  print(`digest ${digest}`);
}

const seconds = (started: number): string => ((performance.now() - started) / 1000).toFixed(1);

async function sheet({ world, out, ...options }: SheetOptions): Promise<void> {
  await writeOutputFile(out, await contactSheet(await openWorld(world), options));
  note(`Wrote ${out}.`);
}
