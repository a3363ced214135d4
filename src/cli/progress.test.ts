import { afterEach, describe, expect, it, vi } from 'vitest';
import { duration, progressLine } from './progress.ts';

afterEach(() => vi.restoreAllMocks());

describe('progressLine', () => {
  it('says how much time is left by what was done since it started, not before', () => {
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
    // 10 images in 20 s: 50 more take 100 s. The update one millisecond later is not printed.
    expect(lines.map((line) => line.trim())).toEqual([
      'images 40/100',
      'images 50/100, 2 min left, 1 failed',
      'images 100/100',
    ]);
  });
});

it('writes durations with one or two units', () => {
  expect([4_400, 89_000, 600_000, 12_000_000].map(duration)).toEqual(['4 s', '89 s', '10 min', '3 h 20 min']);
});
