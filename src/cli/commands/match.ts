/**
 * `globe match`: checks whether two places name the same country and city, with the matcher of rewards and evaluation.
 */
import { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import type { PlaceMatch } from '../../core/place.ts';
import type { OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { columnsOf, parseColumnOptions } from '../../storage/named-columns.ts';
import { collect } from '../option-values.ts';
import { printJson, printJsonArray } from '../output.ts';

const ROLES = ['a', 'b'];

type Options = { readonly file?: string; readonly column?: readonly string[] };

export function command(): Command {
  return new Command('match')
    .description('Check whether two places name the same country and the same city, and why (JSON).')
    .argument('[a]', 'a place in free text, e.g. "Kiev, Ukraine"')
    .argument('[b]', 'the place to compare it with')
    .option('--file <table>', 'table with two columns of places (.csv, .tsv or .jsonl); prints an array, in its order')
    .option('--column <role=header>', 'map a or b to a column; repeatable', collect)
    .option('--json', 'no effect: the output is always JSON')
    .action(run);
}

async function run(a: string | undefined, b: string | undefined, options: Options): Promise<void> {
  const { file } = options;
  const pair = a !== undefined && b !== undefined ? { a, b } : undefined;
  if ((pair === undefined) === (file === undefined) || (file !== undefined && a !== undefined)) {
    throw invalidInput('Give either two places or --file.', 'For example: globe match "Kiev, Ukraine" "Kyiv, Ukraine"');
  }
  const columns = parseColumnOptions(options.column ?? [], ROLES);
  const gazetteer = openGazetteer();
  if (pair !== undefined) {
    printJson(matchTexts(gazetteer, pair));
    return;
  }
  async function* results(): AsyncGenerator<Answer> {
    for await (const { a = '', b = '' } of columnsOf(file!, { columns, required: ROLES })) {
      yield matchTexts(gazetteer, { a, b });
    }
  }
  await printJsonArray(results());
}

type Answer = Pick<PlaceMatch, 'country' | 'city' | 'reason' | 'matchedBy' | 'corrected'>;

function matchTexts(gazetteer: OfflineGazetteer, { a, b }: { readonly a: string; readonly b: string }): Answer {
  const [left, right] = [a, b].map((text) => gazetteer.splitPlace(text) ?? { country: '' });
  const { country, city, reason, matchedBy, corrected } = gazetteer.match(left!, right!);
  return { country, city, reason, matchedBy, ...defined({ corrected }) };
}
