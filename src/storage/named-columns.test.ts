import { describe, expect, it } from 'vitest';
import { parseColumnOptions } from './named-columns.ts';

const ROLES = ['id', 'predictedLatitude'] as const;

describe('parseColumnOptions', () => {
  it('reads roles in any spelling, and headers that contain "="', () => {
    const columns = parseColumnOptions(['predicted-latitude=y', 'ID=name=x'], ROLES);
    expect(columns).toEqual({ predictedLatitude: 'y', id: 'name=x' });
  });

  it.each(['colour=red', 'id', 'id=', '=x'])('refuses %s', (option) => {
    expect(() => parseColumnOptions([option], ROLES)).toThrow(`Invalid --column ${option}.`);
  });
});
