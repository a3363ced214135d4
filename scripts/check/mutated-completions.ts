/**
 * Parses a million mutated completions. None may throw, and no number in an answer may be out of range or infinite.
 * Options: `--count N`, `--seed N`. The run is deterministic and takes about a minute.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { parseAnswer } from '../../src/core/answer-grammar.ts';
import type { Alternative, Answer } from '../../src/core/answer.ts';
import { isCoordinate } from '../../src/core/coordinate.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const generator = xoroshiro128plus(Number(values.seed));
const below = (limit: number): number => (generator.next() >>> 0) % limit;

const folder = join(import.meta.dirname, '../../test/field');
const SEEDS = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as { input: string | string[] })
  .flatMap(({ input }) => (typeof input === 'string' ? [input] : []));
// prettier-ignore
const PIECES = ['{', '}', '[', ']', '"', ':', ',', '|', '\n', '\r', '\u2028', '°', "'", '-', '−', '.', '1e999', 'NaN', '-0', '91', '181.5', '99999999999', 'Infinity',
  '<answer>', '</answer>', '<think>', '</think>', '\\boxed{', 'country:', 'city:', 'lat:', 'lon:', '%', '(', ')', 'N', 'S', 'W', 'O', '\u0000', '\ud800', '，', '٣', '\u200b', '1.', 'or '];

function mutated(text: string): string {
  let result = text;
  for (let i = 0, edits = 1 + below(4); i < edits; i++) {
    const at = below(result.length + 1);
    const end = Math.min(result.length, at + below(12));
    const kind = below(4);
    const other = SEEDS[below(SEEDS.length)]!;
    const middle = [
      PIECES[below(PIECES.length)]!,
      '',
      result.slice(at, end).repeat(2),
      other.slice(below(other.length)),
    ][kind]!;
    result = result.slice(0, at) + middle + result.slice(end);
  }
  return result;
}

const isShare = (share: number | undefined) => share === undefined || (share >= 0 && share <= 1);

const isSound = ({ coordinate, probability }: Alternative) =>
  isShare(probability) &&
  (coordinate === undefined || isCoordinate(coordinate.latitudeDegrees, coordinate.longitudeDegrees));

function numbersAreSound(answer: Answer): boolean {
  if (answer.kind === 'refusal' || answer.kind === 'unparseable') return true;
  return isShare(answer.confidence) && isSound(answer) && (answer.alternatives ?? []).every(isSound);
}

const count = Number(values.count);
const kinds = new Map<string, number>();
for (let i = 0; i < count; i++) {
  const text = mutated(SEEDS[below(SEEDS.length)]!);
  let answer: Answer;
  try {
    answer = parseAnswer(text);
    if (!numbersAreSound(answer)) throw new Error(`Number out of range in ${JSON.stringify(answer)}`);
  } catch (error) {
    process.stderr.write(`Completion ${i} of seed ${values.seed}: ${JSON.stringify(text)}\n`);
    throw error;
  }
  kinds.set(answer.kind, (kinds.get(answer.kind) ?? 0) + 1);
}
process.stdout.write(
  `${JSON.stringify({ completions: count, seed: Number(values.seed), exceptions: 0, kinds: Object.fromEntries(kinds) })}\n`,
);
