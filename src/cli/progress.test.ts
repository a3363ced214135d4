import { afterEach, describe, expect, it, vi } from 'vitest';
import { cutToWidth } from './cut-to-width.ts';
import { duration, progressLine, progressLines } from './progress.ts';

const { isTTY, columns } = process.stderr;

afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(process.stderr, { isTTY, columns });
});

describe('progressLine', () => {
  it('estimates the time left from the speed since it started', () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => (lines.push(String(text)), true));
    let now = 0;
    const progress = progressLine(100, { label: 'images', now: () => now });
    progress.update(40);
    now = 20_000;
    progress.update(50, '1 failed');
    now = 20_001;
    progress.update(51);
    now = 60_000;
    progress.update(100);
    // The first 10 images took 20 s, so the remaining 50 take 100 s. The update that follows after one millisecond is
    // not printed.
    expect(lines.map((line) => line.trim())).toEqual([
      'images 40/100',
      'images 50/100, 2 min left, 1 failed',
      'images 100/100',
    ]);
  });

  it.each([80, 100, 120])('fits a terminal of %i columns, even with characters that take two', (width) => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => (lines.push(String(text)), true));
    Object.assign(process.stderr, { isTTY: true, columns: width });
    progressLine(9, { label: '写真'.repeat(20) }).update(1, `x${'y'.repeat(150)}`);
    const line = lines[0]!.replace('\r\u001B[2K', '');
    // The 40 wide characters take 80 columns. All other characters take one column each.
    expect(line).toMatch(/^写真.*…$/u);
    expect(line.length + line.match(/[写真]/gu)!.length).toBe(width - 1);
  });
});

it('shows each count on its own line, so that counts never jump back', () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (lines.push(String(text)), true));
  Object.assign(process.stderr, { isTTY: true, columns: 80 });
  const progress = progressLines();
  progress.update('answers', { done: 600, total: 600 });
  progress.update('judged', { done: 256, total: 600 });
  progress.update('judged', { done: 600, total: 600, detail: 'all' });
  progress.end();
  expect(lines.join('').replaceAll('\r\u001B[2K', '<')).toBe('<answers 600/600\n<judged 256/600<judged 600/600, all\n');
});

it('cuts long text between whole characters, and keeps the rest', () => {
  expect(cutToWidth('12345', 5)).toBe('12345');
  expect(cutToWidth('123456', 5)).toBe('1234…');
  expect(cutToWidth('写真写真', 6)).toBe('写真…');
  expect(cutToWidth('e\u0301'.repeat(4), 3)).toBe(`${'e\u0301'.repeat(2)}…`);
});

it('writes durations with one or two units', () => {
  expect([4_400, 89_000, 600_000, 12_000_000].map(duration)).toEqual(['4 s', '89 s', '10 min', '3 h 20 min']);
});
