/**
 * Measures the processor time of parsing repetitive completions of 256 KiB, and writes
 * bench/results/answer-grammar.json. Each completion repeats one piece. The time of a completion is the minimum of
 * three runs, and may be at most 300 ms.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_COMPLETION_CHARACTERS, parseAnswer } from '../../src/core/answer-grammar.ts';

const LIMIT_MS = 300;
const RUNS = 3;
// prettier-ignore
const PIECES = ['a', ' ', '\t', '\n', '\r', '\u2028', '\u2029', '\u0301', '{', '[', '(', '{"a":1}', '"', '|', '| a | b |\n', 'a|b\n-|-\n', '- ', '*', '#', '<', '<answer>', '<city>a</city>',
  '</think><answer>', '\\boxed{', 'country: ', 'country: (((', 'Alternative: ', 'Candidate A\n', 'Final Answer\n', '1. Porto, Portugal\n', 'taken in ', 'this is ', 'taken in Rome, Italy. ', '拍摄于',
  'the most likely ', 'not able to really ', '1.5 ', '1.5, ', '1 \n2 \t', '48° ', 'lat: 1.5, lon: 2 ', '48.8 O, 2.3 O ', '<|channel|>final<|message|>', '[THINK]', '50% ', 'A. ', '，', '{"type":"Point","coordinates":[1,2]}\n'];

function cpuMs(text: string): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = process.cpuUsage();
    parseAnswer(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const texts = PIECES.flatMap((piece) => {
  const body = piece.repeat(Math.floor((MAX_COMPLETION_CHARACTERS - 40) / piece.length));
  return [
    ['bare', body],
    ['answer', `<answer>${body}x</answer>`],
    ['thinking', `<think>${body}</think>x`],
  ].map(([region, text]) => ({ piece, region, text: text! }));
});
const results = texts
  .map(({ piece, region, text }) => ({ piece, region, cpuMs: Math.round(cpuMs(text)) }))
  .toSorted((a, b) => b.cpuMs - a.cpuMs);
const report = {
  name: 'answer-grammar',
  characters: MAX_COMPLETION_CHARACTERS,
  limitMs: LIMIT_MS,
  texts: texts.length,
  worstCpuMs: results[0]!.cpuMs,
  node: process.version,
  slowest: results.slice(0, 10),
};
writeFileSync(
  join(import.meta.dirname, '../../bench/results/answer-grammar.json'),
  `${JSON.stringify(report, undefined, 2)}\n`,
);
process.stdout.write(`worst ${report.worstCpuMs} ms of at most ${LIMIT_MS}: ${JSON.stringify(results[0])}\n`);
if (report.worstCpuMs > LIMIT_MS) process.exitCode = 1;
