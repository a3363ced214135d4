import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDims, type Dim, dim, divideDims, multiplyDims, substitute, subtractDims, symbolsOf } from './dims.ts';

const names = ['batch', 'n', 'sequence'] as const;

/** Generates polynomials from names and small numbers with sums, differences and products. */
const { dims } = fc.letrec<{ dims: Dim }>((tie) => ({
  dims: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Dim>(...names),
    fc.integer({ min: 0, max: 5 }),
    fc.tuple(tie('dims'), tie('dims')).map(([a, b]) => addDims(a, b)),
    fc.tuple(tie('dims'), tie('dims')).map(([a, b]) => subtractDims(a, b)),
    fc.tuple(tie('dims'), tie('dims')).map(([a, b]) => multiplyDims(a, b)),
  ),
}));
const sizes = { batch: 3, n: 5, sequence: 7 };
const valueOf = (d: Dim): number => Number(substitute(d, sizes));

test('arithmetic on dimensions is arithmetic on their sizes', () => {
  fc.assert(
    fc.property(dims, dims, (a, b) => {
      expect(valueOf(addDims(a, b))).toBe(valueOf(a) + valueOf(b));
      expect(valueOf(subtractDims(a, b))).toBe(valueOf(a) - valueOf(b));
      // The product can be -0, which is not equal to 0 in the test. Adding 0 turns -0 into 0.
      expect(valueOf(multiplyDims(a, b))).toBe(valueOf(a) * valueOf(b) + 0);
    }),
  );
});

test('equal dimensions have one spelling, however they were written or computed', () => {
  fc.assert(
    fc.property(dims, dims, dims, (a, b, c) => {
      expect(multiplyDims(a, addDims(b, c))).toBe(addDims(multiplyDims(c, a), multiplyDims(b, a)));
      expect(subtractDims(addDims(a, b), b)).toBe(addDims(a, 0));
    }),
  );
  expect(dim('sequence * batch + 2*n - n + 1')).toBe('batch*sequence+n+1');
  expect(dim('n - n + 4')).toBe(4);
});

test('a quotient times its divisor is the dividend, and undefined when a factor is missing', () => {
  fc.assert(
    fc.property(dims, fc.constantFrom<Dim>('n', 2, 'batch*n', '3*sequence'), (a, b) => {
      const product = multiplyDims(a, b);
      expect(divideDims(product, b)).toBe(addDims(a, 0));
    }),
  );
  expect(divideDims('batch*n', 'sequence')).toBeUndefined();
  expect(divideDims('n+1', 2)).toBeUndefined();
});

test('some names may be replaced and others kept', () => {
  expect(substitute('batch*sequence+n', { sequence: 7 })).toBe('7*batch+n');
  expect(symbolsOf('batch*sequence+n-3').sort()).toEqual(['batch', 'n', 'sequence']);
});

test('rejects text that is not a dimension', () => {
  expect(() => dim(-1)).toThrow('Invalid dimension: -1');
  expect(() => dim(1.5)).toThrow('Invalid dimension: 1.5');
  expect(() => dim('2x')).toThrow('Invalid dimension: "2x"');
});
