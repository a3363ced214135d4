/**
 * The optimizer as a graph: AdamW with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2, as in PyTorch),
 * clipping by the global norm, and gradient accumulation. The learning rate is an input of the program, so a schedule
 * is a plain function outside the graph.
 */
import { input } from './program.ts';
import { full, add, div, mul, minimum, sqrt, square, sub, zerosLike } from './operators/elementwise.ts';
import { reduceSum } from './operators/broadcast.ts';
import { define, type Tensor } from './tensor.ts';
import { type HostArray, zeros } from './array.ts';

type Tensors = Readonly<Record<string, Tensor>>;

/** Returns the square root of the sum of the squares of all elements of all tensors. */
export const globalNorm = (tensors: Tensors): Tensor =>
  sqrt(
    Object.values(tensors)
      .map((t) => reduceSum(square(t)))
      .reduce((a, b) => add(a, b)),
  );

/** Scales gradients so that their global norm is at most `maxNorm` (PyTorch's clip_grad_norm_, including its 1e-6). */
export function clipByGlobalNorm(
  gradients: Tensors,
  maxNorm: number,
): { gradients: Record<string, Tensor>; norm: Tensor } {
  const norm = globalNorm(gradients);
  const scale = minimum(div(full([], maxNorm), add(norm, 1e-6)), 1);
  return { gradients: mapTensors(gradients, (g) => mul(g, scale)), norm };
}

export type AdamWOptions = {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Selects the parameters with weight decay. By default, matrices decay, and vectors (scales and biases) do not. */
  readonly decays?: (name: string, parameter: Tensor) => boolean;
};

export type AdamWInputs = {
  readonly parameters: Tensors;
  readonly gradients: Tensors;
  /** Learning rate of this update, as a scalar. */
  readonly learningRate: Tensor;
  /** Number of this update as a scalar, for the bias correction. The first update is 1. */
  readonly step: Tensor;
};

/** Returns the names of a parameter's first and second moment. */
export const momentNames = (name: string): readonly [string, string] => [`adam.m.${name}`, `adam.v.${name}`];

/** Builds one update of every parameter. Returns the `updates` of a program: parameters and moments by name. */
export function adamW(
  { parameters, gradients, learningRate, step }: AdamWInputs,
  options: AdamWOptions = {},
): Record<string, Tensor> {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0.01,
    decays = (_, p) => p.shape.length > 1,
  } = options;
  const correction1 = biasCorrection([step], { beta: beta1 });
  const root2 = sqrt(biasCorrection([step], { beta: beta2 }));
  // The change is lr m̂ / (sqrt(v̂) + ε). The bias corrections are applied to scalars, which is faster than to arrays.
  const rate = div(mul(learningRate, root2), correction1);
  const floor = mul(root2, epsilon);
  const updates: Record<string, Tensor> = {};
  for (const [name, p] of Object.entries(parameters)) {
    const g = gradients[name]!;
    const [mName, vName] = momentNames(name);
    const m = add(mul(input(mName, p.shape), beta1), mul(g, 1 - beta1));
    const v = add(mul(input(vName, p.shape), beta2), mul(square(g), 1 - beta2));
    const decayed = decays(name, p) && weightDecay > 0 ? mul(p, sub(1, mul(learningRate, weightDecay))) : p;
    updates[name] = sub(decayed, mul(div(m, add(sqrt(v), floor)), rate));
    updates[mName] = m;
    updates[vName] = v;
  }
  return updates;
}

/** Computes 1 − beta^step in float64. In float32, the difference would lose four digits if beta^step is near 1. */
const biasCorrection = define<{ beta: number }>({
  name: 'biasCorrection',
  infer: ([step]) => ({ dtype: 'float', shape: step!.shape }),
  emit(e, [step], { attributes: { beta } }) {
    const float64 = (x: number): string => e.constant('float64', [], [x]);
    return e.cast(e.op('Sub', [float64(1), e.op('Pow', [float64(beta), e.cast(step!, 'float64')])]), e.precision);
  },
});

/** Returns moments of zero for all parameters. A store needs them before the first update. */
export function initialMoments(parameters: Readonly<Record<string, HostArray>>): Record<string, HostArray> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { dtype, shape }]) =>
      momentNames(name).map((n) => [n, zeros(dtype, shape)]),
    ),
  );
}

const accumulatorName = (name: string): string => `gradient.${name}`;

/**
 * Builds updates that add gradients to the accumulators. The accumulators are the inputs `gradient.NAME`. The
 * optimizer's program uses `accumulated`, which reads the accumulators and resets them to zero.
 */
export function accumulate(gradients: Tensors): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(gradients).map(([name, g]) => [
      accumulatorName(name),
      add(input(accumulatorName(name), g.shape), g),
    ]),
  );
}

/** Returns accumulators of zero for all parameters. A store needs them before the first `accumulate`. */
export const initialAccumulators = (parameters: Readonly<Record<string, HostArray>>): Record<string, HostArray> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { dtype, shape }]) => [accumulatorName(name), zeros(dtype, shape)]),
  );

/** Returns the accumulated gradients as inputs, and the updates that reset them to zero. */
export function accumulated(parameters: Tensors): { gradients: Record<string, Tensor>; reset: Record<string, Tensor> } {
  const gradients = mapTensors(parameters, (p, name) => input(accumulatorName(name), p.shape));
  // The reset writes zeros, because multiplying by zero would keep infinite and NaN gradients.
  const reset = Object.fromEntries(Object.entries(gradients).map(([name, g]) => [accumulatorName(name), zerosLike(g)]));
  return { gradients, reset };
}

const mapTensors = (tensors: Tensors, f: (t: Tensor, name: string) => Tensor): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, f(t, name)]));
