/** `globe miniature`: makes a generated world, and sheets of its scenes to look at. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { openGazetteer } from '../../gazetteer/open.ts';
import { contactSheet } from '../../miniature/contact-sheet.ts';
import { DEFAULT_PIXELS, generateWorld } from '../../miniature/generate.ts';
import { openWorld } from '../../miniature/world.ts';
import { writeOutputFile } from '../../storage/output-file.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';

type GenerateOptions = { scenes: number; seed: number; out: string; size: number; json?: true };
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
    .description('A generated world of small scenes whose places and contents are known: a stand-in for MP-16.')
    .addCommand(
      new Command('generate')
        .description(
          'Draw scenes with their metadata, segmentation shares and truth; the same seed gives the same bytes.',
        )
        .option('--scenes <n>', 'number of photos, the held-out sixth included', whole, 6000)
        .option('--seed <n>', 'seed of everything', whole, 1)
        .option('--size <pixels>', 'width and height of a photo', whole, DEFAULT_PIXELS)
        .requiredOption('--out <folder>', 'a new or empty folder')
        .option('--json', 'print the manifest')
        .action(generate),
    )
    .addCommand(
      new Command('sheet')
        .description('A contact sheet of a world (PNG).')
        .argument('<world>', 'folder of a generated world')
        .requiredOption('--out <file>', 'the PNG to write')
        .option('--scenes <n>', 'how many', whole, 100)
        .option('--columns <n>', 'scenes in a row', whole, 10)
        .option('--tile <pixels>', 'width of a scene on the sheet', whole, DEFAULT_PIXELS)
        .addOption(
          new Option('--by <group>', 'what neighbours share')
            .choices(['country', 'setting', 'difficulty', 'none'])
            .default('country'),
        )
        .option('--seed <n>', 'seed of the choice', whole, 1)
        .action(async (world: string, options: Omit<SheetOptions, 'world'>) => sheet({ world, ...options })),
    );
}

async function generate({ scenes, seed, out, size, json }: GenerateOptions): Promise<void> {
  using interrupt = interruptSignal();
  const started = performance.now();
  const gazetteer = openGazetteer();
  const manifest = await generateWorld({
    out,
    scenes,
    seed,
    pixels: size,
    gazetteer,
    signal: interrupt.signal,
    onProgress: (done) => {
      if (done % 500 === 0 || done === scenes) note(`${done} of ${scenes} scenes, ${seconds(started)} s`);
    },
  });
  if (json) return printJson(manifest);
  const { counts, digest } = manifest;
  print(
    `${out}: ${counts['train']} photos to train on, ${counts['test']} held out, of ${counts['cities']} cities in ${counts['countries']} countries.`,
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

function whole(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Give a whole number.');
  return value;
}
