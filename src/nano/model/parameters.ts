/**
 * Collects a model's parameters while its graph is built. Each parameter is declared where the graph uses it, so the
 * list of shapes and initial values always matches the graph.
 */
import { random, seedFrom } from '../../core/random.ts';
import { float32, type HostArray, input, type Tensor } from '../../tensor/index.ts';

/** How a parameter is initialized: with a constant, or from a normal distribution with mean 0. */
export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number };

export type ParameterSpec = { readonly shape: readonly number[]; readonly initial: Initial };

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** The parameters of one graph. */
export type Parameters = {
  /**
   * Returns a parameter as a tensor of the graph. Repeated calls with a name return the same tensor, so that weights
   * can be tied.
   */
  get(name: string, shape: readonly number[], initial: Initial): Tensor;
  /** Returns a view of this collection, in which `prefix.` is prepended to every name. */
  within(prefix: string): Parameters;
  readonly specs: ParameterSpecs;
  readonly tensors: Readonly<Record<string, Tensor>>;
};

export const ones: Initial = { kind: 'constant', value: 1 };
export const zeros: Initial = { kind: 'constant', value: 0 };
/** Initial values from a normal distribution. The default standard deviation is GPT-2's for matrices. */
export const normalInitial = (deviation = 0.02): Initial => ({ kind: 'normal', deviation });

/** Returns an empty collection. */
export function newParameters(): Parameters {
  const specs: Record<string, ParameterSpec> = {};
  const tensors: Record<string, Tensor> = {};
  const under = (prefix: string): Parameters => ({
    specs,
    tensors,
    within: (name) => under(`${prefix}${name}.`),
    get(name, shape, initial) {
      const full = prefix + name;
      specs[full] ??= { shape, initial };
      return (tensors[full] ??= input(full, shape));
    },
  });
  return under('');
}

/** Draws initial values from a seed. Each array depends only on the seed and on its own name and shape. */
export function initialParameters(specs: ParameterSpecs, seed: number): Record<string, HostArray> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, initial }]) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      if (initial.kind === 'constant') data.fill(initial.value);
      else {
        const generator = random(seedFrom(`${seed}:${name}`));
        for (let i = 0; i < data.length; i++) data[i] = generator.normal() * initial.deviation;
      }
      return [name, float32(shape, data)];
    }),
  );
}

/** Returns the total number of weights in all parameters. */
export const countParameters = (specs: ParameterSpecs): number =>
  Object.values(specs).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
