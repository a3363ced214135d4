import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logLine, parseLogLines } from './log-line.ts';

const read = (text: string) => parseLogLines(text, 'log.jsonl', { digests: true });

it('reads back what it wrote, and lines of an older version before them', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 }), fc.nat(5), (records, old) => {
      const lines = records.map((record, i) => (i < old ? JSON.stringify(record) : logLine(record)));
      const expected = JSON.parse(JSON.stringify(records)) as unknown[];
      expect(read(lines.map((line) => `${line}\n`).join(''))).toEqual(expected);
    }),
  );
});

it('refuses a line in which any character has changed', () => {
  const first = logLine({ id: 'a', latitude: 48.85 });
  const second = logLine({ id: 'b', latitude: -33.2 });
  for (let i = 0; i < second.length; i++) {
    const other = second[i] === '1' ? '2' : '1';
    const changed = `${second.slice(0, i)}${other}${second.slice(i + 1)}`;
    expect(() => read(`${first}\n${changed}\n`), changed).toThrow(/log\.jsonl, line 2 (?:has changed|is not JSON)/);
  }
  expect(() => read(`${first}\n${JSON.stringify({ id: 'b' })}\n`)).toThrow('line 2 has changed');
});
