/**
 * Arithmetic with array sizes that are known only when a program runs. A dimension is a number or a polynomial over
 * named sizes, in canonical text form ('batch', 'batch*sequence', 'sequence+9'). Equal dimensions are therefore `===`,
 * and error messages can print dimensions directly. A divisor can have only one term. Dimensions cannot be compared by
 * size.
 */
import { invalidInput } from '../core/errors.ts';

export type Dim = number | string;
export type Shape = readonly Dim[];

/** Maps each monomial ('batch*sequence', or '' for the constant) to its coefficient. Zero coefficients are absent. */
type Polynomial = Map<string, number>;

const cache = new Map<string, Polynomial>();

function parse(dim: Dim): Polynomial {
  if (typeof dim === 'number') return new Map(dim === 0 ? [] : [['', dim]]);
  const known = cache.get(dim);
  if (known !== undefined) return known;
  const result: Polynomial = new Map();
  for (const [, sign, text] of dim.replaceAll(' ', '').matchAll(/([+-]?)([^+-]+)/g)) {
    let coefficient = sign === '-' ? -1 : 1;
    const names: string[] = [];
    for (const factor of text!.split('*')) {
      if (/^\d+$/.test(factor)) coefficient *= Number(factor);
      else if (/^[A-Za-z_]\w*$/.test(factor)) names.push(factor);
      else
        throw invalidInput(
          `Invalid dimension: "${dim}".`,
          'Write names and whole numbers joined by +, - and *: "batch", "batch*sequence", "sequence+9".',
        );
    }
    increment(result, names.sort().join('*'), coefficient);
  }
  cache.set(dim, result);
  return result;
}

function increment(terms: Polynomial, monomial: string, coefficient: number): void {
  const sum = (terms.get(monomial) ?? 0) + coefficient;
  if (sum === 0) terms.delete(monomial);
  else terms.set(monomial, sum);
}

/**
 * Returns the canonical form of a polynomial: its monomials in alphabetical order, then the constant. A polynomial
 * without names becomes a number.
 */
function print(terms: Polynomial): Dim {
  const monomials = [...terms.keys()].filter((m) => m !== '').sort();
  if (monomials.length === 0) return terms.get('') ?? 0;
  const parts = monomials.map((m) => [terms.get(m)!, m] as const);
  let text = '';
  for (const [coefficient, monomial] of parts) {
    text += coefficient < 0 ? '-' : text === '' ? '' : '+';
    text += Math.abs(coefficient) === 1 ? monomial : `${Math.abs(coefficient)}*${monomial}`;
  }
  const constant = terms.get('') ?? 0;
  return constant === 0 ? text : `${text}${constant < 0 ? '-' : '+'}${Math.abs(constant)}`;
}

/** Returns a dimension in canonical form. Throws `invalid-input` for a value that is not a dimension. */
export function dim(value: Dim): Dim {
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < 0)
      throw invalidInput(`Invalid dimension: ${value}.`, 'Use a whole number, at least 0.');
    return value;
  }
  return print(parse(value));
}

export function addDims(a: Dim, b: Dim): Dim {
  const sum = new Map(parse(a));
  for (const [monomial, coefficient] of parse(b)) increment(sum, monomial, coefficient);
  return print(sum);
}

export function subtractDims(a: Dim, b: Dim): Dim {
  return addDims(a, multiplyDims(b, -1));
}

export function multiplyDims(...factors: readonly Dim[]): Dim {
  const times = (a: Polynomial, b: Polynomial): Polynomial => {
    const product: Polynomial = new Map();
    for (const [m, x] of a) {
      for (const [n, y] of b) increment(product, [...names(m), ...names(n)].sort().join('*'), x * y);
    }
    return product;
  };
  return print(factors.map(parse).reduce(times, new Map([['', 1]])));
}

/**
 * Returns the exact quotient of two dimensions, or undefined if it does not exist. If the divisor has several terms,
 * returns 1 for equal dimensions and undefined otherwise.
 */
export function divideDims(a: Dim, b: Dim): Dim | undefined {
  const divisor = [...parse(b)];
  if (divisor.length !== 1) return a === b ? 1 : undefined;
  const [monomial, coefficient] = divisor[0]!;
  const quotient: Polynomial = new Map();
  for (const [m, c] of parse(a)) {
    const left = names(m);
    for (const name of names(monomial)) {
      const at = left.indexOf(name);
      if (at < 0) return undefined;
      left.splice(at, 1);
    }
    if (c % coefficient !== 0) return undefined;
    quotient.set(left.join('*'), c / coefficient);
  }
  return print(quotient);
}

const names = (monomial: string): string[] => (monomial === '' ? [] : monomial.split('*'));

/** Returns the names in a dimension. */
export function symbolsOf(value: Dim): string[] {
  return [...new Set([...parse(value).keys()].flatMap(names))];
}

/** Replaces names in a dimension by their sizes. Names that `sizes` does not contain stay. */
export function substitute(value: Dim, sizes: Readonly<Record<string, number>>): Dim {
  const result: Polynomial = new Map();
  for (const [monomial, coefficient] of parse(value)) {
    let factor = coefficient;
    const left = names(monomial).filter((name) => {
      const size = sizes[name];
      if (size !== undefined) factor *= size;
      return size === undefined;
    });
    increment(result, left.join('*'), factor);
  }
  return print(result);
}

/** Returns the terms of a dimension. Each term is the product of a coefficient and names. */
export function termsOf(value: Dim): { readonly coefficient: number; readonly names: readonly string[] }[] {
  return [...parse(value)].map(([monomial, coefficient]) => ({ coefficient, names: names(monomial) }));
}

export const sizeOf = (shape: Shape): Dim => multiplyDims(...shape);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

export const printShape = (shape: Shape): string => `[${shape.join(', ')}]`;
