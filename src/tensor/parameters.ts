/**
 * Parameters as a tree: a model describes what it needs once (shape and first values), and gets back the same tree of inputs to build
 * with, and flat named arrays ('layers.0.attention.query') to keep in a Store or a safetensors file.
 */
import { random, seedFrom } from '../core/random.ts';
import { float32, type HostArray } from './array.ts';
import { input } from './program.ts';
import type { Tensor } from './tensor.ts';

export type Parameter = {
  readonly kind: 'parameter';
  readonly shape: readonly number[];
  /** First values: all the same, or normal with a standard deviation. */
  readonly initial: { readonly value: number } | { readonly deviation: number };
};

export type ParameterTree = Parameter | readonly ParameterTree[] | { readonly [name: string]: ParameterTree };

/** The same tree with an input tensor for each parameter. */
export type TensorsOf<T> = T extends Parameter ? Tensor : { readonly [K in keyof T]: TensorsOf<T[K]> };

/** A parameter drawn from a normal distribution. */
export const normalParameter = (shape: readonly number[], deviation: number): Parameter => ({
  kind: 'parameter',
  shape,
  initial: { deviation },
});

/** A parameter that begins with one value everywhere. */
export const filledParameter = (shape: readonly number[], value: number): Parameter => ({
  kind: 'parameter',
  shape,
  initial: { value },
});

const isParameter = (tree: ParameterTree): tree is Parameter => 'kind' in tree && tree.kind === 'parameter';

/** Parameters by name: the keys on the way to them, joined by dots. */
export function flattenParameters(tree: ParameterTree, prefix = ''): Record<string, Parameter> {
  if (isParameter(tree)) return { [prefix]: tree };
  const flat: Record<string, Parameter> = {};
  for (const [key, child] of Object.entries(tree)) {
    Object.assign(flat, flattenParameters(child, prefix === '' ? key : `${prefix}.${key}`));
  }
  return flat;
}

/** Inputs for all parameters: as the tree, to build with, and flat by name, to differentiate by. */
export function parameterInputs<T extends ParameterTree>(
  tree: T,
): { tree: TensorsOf<T>; flat: Record<string, Tensor> } {
  const flat: Record<string, Tensor> = {};
  const build = (node: ParameterTree, name: string): unknown => {
    if (isParameter(node)) return (flat[name] = input(name, node.shape));
    const child = (key: string, value: ParameterTree): unknown => build(value, name === '' ? key : `${name}.${key}`);
    if (Array.isArray(node)) return node.map((value: ParameterTree, i) => child(String(i), value));
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, child(key, value)]));
  };
  return { tree: build(tree, '') as TensorsOf<T>, flat };
}

/** First values. Each parameter's draw depends on the seed and its name alone, so a new one leaves the others as they were. */
export function initialParameters(tree: ParameterTree, seed: number): Record<string, HostArray> {
  return Object.fromEntries(
    Object.entries(flattenParameters(tree)).map(([name, { shape, initial }]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      if ('value' in initial) return [name, float32(shape, new Float32Array(size).fill(initial.value))];
      const generator = random(seedFrom(`${seed}/${name}`));
      return [
        name,
        float32(
          shape,
          Float32Array.from({ length: size }, () => initial.deviation * generator.normal()),
        ),
      ];
    }),
  );
}

/** How many numbers a model learns. */
export const countParameters = (tree: ParameterTree): number =>
  Object.values(flattenParameters(tree)).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
