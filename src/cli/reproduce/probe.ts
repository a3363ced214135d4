/**
 * Defines `globe reproduce probe`. It measures what a model sees in the generated world, what it knows, and whether its
 * answers follow the evidence that it names.
 */
import { Command } from 'commander';
import { openGazetteer } from '../../gazetteer/open.ts';
import { worldSource } from '../../miniature/adapters/photo-source.ts';
import { openWorld } from '../../miniature/world.ts';
import { probe, type ProbeReport, type Share } from '../../reproduction/probe/probe.ts';
import { openProbedModel } from '../../reproduction/probe/open-model.ts';
import { loadPhotos } from '../../training/photo-source.ts';
import { positiveInteger, wholeNumber } from '../option-values.ts';
import { interruptSignal, print, printJson } from '../output.ts';
import { progressLines } from '../progress.ts';

type Options = {
  readonly world: string;
  readonly split: 'train' | 'test';
  readonly photos: number;
  readonly samples: number;
  readonly seed: number;
  readonly json?: true;
};

export function probeCommand(): Command {
  return new Command('probe')
    .description('Measure what a model of the generated world sees, knows and follows, beside the ceiling.')
    .argument('<model>', 'folder of a nano checkpoint')
    .requiredOption('--world <folder>', 'generated world whose held-out photos are used')
    .option('--photos <n>', 'number of photos', positiveInteger, 500)
    .option('--samples <n>', 'answers per photo at temperature 1', positiveInteger, 64)
    .option('--seed <n>', 'seed of photos and samples', wholeNumber, 1)
    .option('--json', 'print the report as JSON')
    .action(run);
}

async function run(model: string, { world: folder, photos: limit, samples, seed, json }: Options): Promise<void> {
  using interrupt = interruptSignal();
  const { signal } = interrupt;
  const world = await openWorld(folder);
  const photos = await loadPhotos(worldSource(world), { split: 'test', limit, seed, signal });
  const { backend, prompt, maxTokens } = await openProbedModel(model);
  await using _ = backend;
  const lines = progressLines();
  const report = await probe({
    backend,
    gazetteer: openGazetteer(),
    world,
    photos,
    prompt,
    maxTokens,
    samples,
    seed,
    signal,
    onProgress: (pass, done, total) => lines.update(pass, { done, total }),
  }).finally(() => lines.end());
  if (json === true) printJson(report);
  else print(probeText(report));
}

/** Formats the report as lines. Each line has the name of a share, its value and its 95 % interval. */
function probeText(report: ProbeReport): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const row = (name: string, share: Share): string =>
    share === undefined
      ? `${name.padEnd(44)}  no photos`
      : `${name.padEnd(44)}${percent(share.value).padStart(8)}  [${percent(share.low)}, ${percent(share.high)}], n = ${share.n}`;
  return [
    `${report.n} held-out photos of a generated world, ${report.samples} samples each, 95 % intervals`,
    row('ceiling: ideal observer within 25 km', report.ideal),
    row('greedy within 25 km', report.greedy),
    row('greedy country', report.greedyCountry),
    `${'mean of the samples within 25 km (pass@1)'.padEnd(44)}${percent(report.passAt1).padStart(8)}`,
    row(`majority@${report.samples} within 25 km`, report.majority),
    row(`pass@${report.samples} within 25 km`, report.passAtAll),
    row('country, told the visible cues', report.toldCountry),
    row('city, told the visible cues', report.toldCity),
    row('of these, never ended (token limit)', report.toldEndless),
    row("follows another photo's cues (country)", report.followedCues),
    row('visible cues that a description names', report.cueRecall),
    row('visible landmarks that a description names', report.landmarkRecall),
    row('things in descriptions that are invented', report.invented),
  ].join('\n');
}
