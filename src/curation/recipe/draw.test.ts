import { describe, expect, it } from 'vitest';
import { drawOf } from './draw.ts';

describe('drawOf', () => {
  it('is uniform over similar names, and depends on the seed', () => {
    const draws = Array.from({ length: 4000 }, (_, i) => drawOf(1, `city:${i}`));
    const tenth = draws.filter((draw) => draw < 0.1).length;
    expect(Math.abs(tenth - 400)).toBeLessThan(95);
    expect(drawOf(1, 'a')).not.toBe(drawOf(2, 'a'));
  });
});
