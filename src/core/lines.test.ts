import { expect, it } from 'vitest';
import { linesOf } from './lines.ts';

it('ends a line at each break of JavaScript, and counts CR LF once', () => {
  expect(linesOf('a\r\nb\nc\rd\u2028e\u2029f\n')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', '']);
  expect(linesOf('')).toEqual(['']);
});
