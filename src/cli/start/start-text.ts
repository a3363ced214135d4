/**
 * Formats the result of `globe start` as text for a terminal: the gain, answers to six photos before and after
 * training, and next steps.
 */
import { styleText } from 'node:util';
import Table from 'cli-table3';
import { kilometres, THRESHOLD_HEADS } from '../../evaluation/report/words.ts';
import { AFTER, BEFORE, cityLevel } from '../../reproduction/start/start-page.ts';
import type { StartRun } from '../../reproduction/start/run-start.ts';
import type { Example } from '../../reproduction/report/content.ts';
import type { Measures, PairedTest } from '../../reproduction/results.ts';
import { points, pValue, signed } from '../../reproduction/report/words.ts';
import { type Verdict, verdictOf } from '../../reproduction/verdict.ts';
import { duration } from '../progress.ts';

const WIDTH = 100;

export function startResult({ before, after, tests, drawn, examples, seconds, wasComplete }: StartRun): string {
  const city = tests.find(({ measure }) => measure.kind === 'accuracy' && measure.thresholdKm === 25)!;
  const table = new Table({
    head: [`% of ${before.n} photos within`, ...THRESHOLD_HEADS.map(({ km, level }) => `${km}\n${level}`)],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  table.push(
    [BEFORE, ...shares(before)],
    [AFTER, ...shares(after)],
    [
      'difference\n95 % interval',
      ...tests.map(({ difference, low, high }) => `${signed(100 * difference)}\n${interval({ low, high })}`),
    ],
  );
  return [
    ...(wasComplete ? ['This run was already complete. Its result:\n'] : []),
    `Held-out photos that can be placed, before and after ${duration(1000 * seconds)} of work:`,
    table.toString(),
    `At city level ${verdict(city)} (${pValue(city.pAdjusted)}, same photos, greedy answers).`,
    `With sampled answers, as in training, ${cityLevel(drawn.before)} → ${cityLevel(drawn.after)} % are within 25 km: ${verdict(drawn.city)}.`,
    '\nSix of these photos, chosen at random from different cities:',
    ...examples.map((example, i) => exampleText(example, i + 1)),
  ].join('\n');
}

const shares = ({ accuracy }: Measures): string[] =>
  accuracy.map(({ value, low, high }) => `${points(value)}\n${points(low)} to ${points(high)}`);

const interval = ({ low, high }: Pick<PairedTest, 'low' | 'high'>): string =>
  `${signed(100 * low)} to ${signed(100 * high)}`;

const VERDICTS: Readonly<Record<Verdict, (change: string) => string>> = {
  gain: (change) => `training gained ${change}`,
  loss: (change) => `training lost: ${change}`,
  'not shown': (change) => `no gain or loss is shown: ${change}`,
};

function verdict(test: PairedTest): string {
  const change = `${signed(100 * test.difference)} points [${interval(test)}]`;
  return VERDICTS[verdictOf(test)](change);
}

function exampleText({ id, truth, answers }: Example, number: number): string {
  const lines = answers.flatMap(({ arm, reasoning, place, distanceKm, hallucinated }) => [
    `   ${arm.padEnd(5)} ${styleText('bold', place)}, ${distanceKm === undefined ? 'no position' : `${kilometres(distanceKm)} away`}`,
    ...wrapped(reasoning).map((line) => styleText('dim', `         ${line}`)),
    ...(hallucinated.length === 0 ? [] : [`         not in the photo: ${hallucinated.join(', ')}`]),
  ]);
  return [`\n${number}. ${styleText('bold', truth)} (${id})`, ...lines].join('\n');
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u)) {
    if (line !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, ...(line === '' ? [] : [line])];
}

export function nextSteps({ page, model, folder }: Pick<StartRun, 'page' | 'model' | 'folder'>): string {
  return `
The page with curves, pictures and the protocol:  ${page}
The trained model:                                ${model}

Next steps:
  try it on a photo of this world         npm run -s globe -- locate ${folder}/world/world/images/FILE --model nano:${model} --prompt short
  locate your photos with a real model    npm run -s globe -- locate PHOTO… --model BASE_URL#NAME
  score existing predictions              npm run -s globe -- score examples/predictions.csv --from completion
  train with other settings               edit a copy of recipes/start.yaml; npm start -- --recipe COPY --run another
  run this job again                      npm start -- --run another
  repeat the paper's experiments          npm run -s globe -- reproduce --help
  all commands                            npm run -s globe -- --help`;
}
