import { describe, expect, it } from 'vitest';
import { armName } from './arms.ts';
import { ACCURACY_TABLES } from './tables.ts';

describe.each(Object.entries(ACCURACY_TABLES))('%s', (_, { arms, tests, paper = [] }) => {
  const names = arms.map(({ arm }) => armName(arm));

  it('has each arm once, and tests only its own arms', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { a, b } of tests) expect(names).toEqual(expect.arrayContaining([armName(a), armName(b)]));
  });

  it('refers only to existing rows of the paper', () => {
    const labels = paper.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).toEqual(expect.arrayContaining(arms.flatMap(({ paper: label }) => label ?? [])));
  });
});

it('Table 3 has the nine rows of the paper, in its order', () => {
  const { arms, paper } = ACCURACY_TABLES.table3;
  expect(arms.map(({ paper: label }) => label)).toEqual(paper!.map(({ label }) => label));
});
