import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it('writes out escape sequences, carriage returns, C1 controls and direction marks', () => {
  expect(printable('a\u001B[2Jb\rc\u009B1md\u202Ee\0')).toBe('a\\x1b[2Jb\\x0dc\\x9b1md\\u202ee\\x00');
});

it('keeps lines, tabs, letters and emoji', () => {
  const text = 'Zürich\t東京\n👩‍🚀 é';
  expect(printable(text)).toBe(text);
});
