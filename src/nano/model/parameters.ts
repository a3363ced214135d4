/**
 * Parameters are declared where the graph uses them: building a model's graph also lists its weights with shapes and
 * initial values, so that these cannot disagree.
 */
import { random, seedFrom } from '../../core/random.ts';
import { float32, type HostArray, input, type Tensor } from '../../tensor/index.ts';

/** Initial value of a parameter: a constant, or normal with a standard deviation. */
export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number };

export type ParameterSpec = { readonly shape: readonly number[]; readonly initial: Initial };

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** Collects the parameters of one graph. */
export type Parameters = {
  /** The parameter as a tensor of the graph; repeated calls return the same one (tied weights). */
  get(name: string, shape: readonly number[], initial: Initial): Tensor;
  /** The same collection, with `prefix.` before every name. */
  within(prefix: string): Parameters;
  readonly specs: ParameterSpecs;
  readonly tensors: Readonly<Record<string, Tensor>>;
};

export const ones: Initial = { kind: 'constant', value: 1 };
export const zeros: Initial = { kind: 'constant', value: 0 };
/** Normal initial values, by default with the standard deviation that GPT-2 uses for matrices. */
export const normalInitial = (deviation = 0.02): Initial => ({ kind: 'normal', deviation });

/** An empty collection. */
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

/** Initial values from a seed; each array depends only on its own name, not on other arrays. */
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

/** Number of weights. */
export const countParameters = (specs: ParameterSpecs): number =>
  Object.values(specs).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
