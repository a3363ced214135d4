/**
 * Elementwise operators. Binary operators broadcast their inputs, so their gradients are summed over the broadcast
 * dimensions. Plain numbers can be used as scalar tensors.
 */
import { type Dim, type Shape } from '../dims.ts';
import { define, type DType, type GradientContext, mismatch, type Tensor, type Emitter } from '../tensor.ts';
import { broadcastShapes, broadcastTo, sumTo } from './broadcast.ts';

export type TensorLike = Tensor | number;

const constantOperator = define<{ dtype: DType; shape: readonly number[]; values: readonly number[] }>({
  name: 'constant',
  infer(_, { dtype, shape, values }) {
    const size = shape.reduce((a, b) => a * b, 1);
    if (values.length !== size) mismatch(`[${shape.join(', ')}] needs ${size} values, but got ${values.length}.`);
    return { dtype, shape };
  },
  emit: (e, _, { attributes: { dtype, shape, values } }) => e.constant(e.elementType(dtype), shape, values),
});

/** Returns a constant: a scalar, or an array in row-major order. It is stored in the ONNX file, so keep it small. */
export function constant(
  values: number | readonly number[],
  { shape, dtype = 'float' }: { shape?: readonly number[]; dtype?: DType } = {},
): Tensor {
  const list = typeof values === 'number' ? [values] : values;
  return constantOperator([], {
    dtype,
    shape: shape ?? (typeof values === 'number' ? [] : [list.length]),
    values: list,
  });
}

/** Returns the value of a scalar constant, even after broadcasting. Returns undefined for all other tensors. */
export function knownNumber(t: Tensor): number | undefined {
  if (t.node.operator.name === 'broadcastTo') return knownNumber(t.node.inputs[0]!);
  return t.node.operator.name === 'constant' && t.shape.length === 0
    ? (t.node.attributes as { values: number[] }).values[0]
    : undefined;
}

const asTensor = (x: TensorLike, dtype: DType): Tensor => (typeof x === 'number' ? constant(x, { dtype }) : x);

export const full = (shape: Shape, value: number, dtype: DType = 'float'): Tensor =>
  broadcastTo(constant(value, { dtype }), shape);
export const zerosLike = (x: Tensor): Tensor => full(x.shape, 0, x.dtype);

// --- one input ---

type UnaryGradient = (g: Tensor, x: Tensor, y: Tensor) => Tensor | undefined;

type UnaryOptions = {
  onnx: string;
  /** Undefined means that the gradient is zero almost everywhere. */
  gradient: UnaryGradient;
  /**
   * True if the runtime has only a float32 kernel for the operator. In a float64 program, the value is then converted
   * to float32 and back.
   */
  float32Only?: boolean;
};

function unary(name: string, { onnx, gradient, float32Only = false }: UnaryOptions): (x: Tensor) => Tensor {
  const build = define<null>({
    name,
    infer([x]) {
      if (x!.dtype === 'bool') mismatch('the input must contain numbers.');
      return { dtype: x!.dtype, shape: x!.shape };
    },
    emit: (e, [x]) => (float32Only ? inFloat32(e, x!, (v) => e.op(onnx, [v])) : e.op(onnx, [x!])),
    gradient: ({ g, inputs: [x], outputs: [y] }) => [gradient(g, x!, y!)],
  });
  return (x) => build([x], null);
}

/** Applies a kernel that exists only in float32. In a float64 program, converts the value to float32 and back. */
export function inFloat32(e: Emitter, x: string, emit: (x: string) => string): string {
  return e.precision === 'float32' ? emit(x) : e.cast(emit(e.cast(x, 'float32')), 'float64');
}

export const neg = unary('neg', { onnx: 'Neg', gradient: (g) => neg(g) });
export const exp = unary('exp', { onnx: 'Exp', gradient: (g, _, y) => mul(g, y) });
export const log = unary('log', { onnx: 'Log', gradient: (g, x) => div(g, x) });
export const sqrt = unary('sqrt', { onnx: 'Sqrt', gradient: (g, _, y) => div(g, mul(y, 2)) });
export const reciprocal = unary('reciprocal', { onnx: 'Reciprocal', gradient: (g, _, y) => neg(mul(g, mul(y, y))) });
export const tanh = unary('tanh', { onnx: 'Tanh', gradient: (g, _, y) => mul(g, sub(1, mul(y, y))) });
export const sigmoid = unary('sigmoid', { onnx: 'Sigmoid', gradient: (g, _, y) => mul(g, mul(y, sub(1, y))) });
export const softplus = unary('softplus', {
  onnx: 'Softplus',
  float32Only: true,
  gradient: (g, x) => mul(g, sigmoid(x)),
});
export const abs = unary('abs', { onnx: 'Abs', gradient: (g, x) => mul(g, sign(x)) });
export const sign = unary('sign', { onnx: 'Sign', gradient: () => undefined });
export const floor = unary('floor', { onnx: 'Floor', gradient: () => undefined });
export const relu = unary('relu', { onnx: 'Relu', gradient: (g, x) => where(less(0, x), g, 0) });
export const sin = unary('sin', { onnx: 'Sin', gradient: (g, x) => mul(g, cos(x)) });
export const cos = unary('cos', { onnx: 'Cos', float32Only: true, gradient: (g, x) => neg(mul(g, sin(x))) });
export const erf = unary('erf', {
  onnx: 'Erf',
  float32Only: true,
  gradient: (g, x) => mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
});

export const square = (x: Tensor): Tensor => mul(x, x);
export const rsqrt = (x: Tensor): Tensor => reciprocal(sqrt(x));

const powOperator = define<{ exponent: number }>({
  name: 'pow',
  infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  emit: (e, [x], { attributes }) => e.op('Pow', [x!, e.scalar(attributes.exponent)]),
  gradient: ({ g, inputs: [x], attributes: { exponent } }) => [mul(g, mul(pow(x!, exponent - 1), exponent))],
});

/** Raises x to a constant power. */
export const pow = (x: Tensor, exponent: number): Tensor =>
  exponent === 1 ? x : exponent === 2 ? square(x) : powOperator([x], { exponent });

const clipOperator = define<{ low: number; high: number }>({
  name: 'clip',
  infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  emit(e, [x], { attributes: { low, high }, inputs }) {
    const bound = (value: number): string =>
      Number.isFinite(value) ? e.constant(e.elementType(inputs[0]!.dtype), [], [value]) : '';
    return e.op('Clip', [x!, bound(low), bound(high)]);
  },
  // As in PyTorch's clamp, the gradient passes where low <= x <= high.
  gradient: ({ g, inputs: [x], outputs: [y] }) => [where(equal(x!, y!), g, 0)],
});

/** Limits x to [low, high]. */
export const clip = (x: Tensor, low: number, high: number): Tensor => clipOperator([x], { low, high });

const castOperator = define<{ to: DType }>({
  name: 'cast',
  infer: ([x], { to }) => ({ dtype: to, shape: x!.shape }),
  emit: (e, [x], { attributes: { to } }) => e.cast(x!, e.elementType(to)),
  gradient: ({ g, inputs: [x] }) => [x!.dtype === 'float' ? g : undefined],
});

export const cast = (x: Tensor, to: DType): Tensor => (x.dtype === to ? x : castOperator([x], { to }));

const stopOperator = define<null>({
  name: 'stopGradient',
  infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  emit: (_, [x]) => x!,
  gradient: () => [undefined],
});

/** Returns x unchanged, but blocks its gradient. */
export const stopGradient = (x: Tensor): Tensor => stopOperator([x], null);

// --- two inputs ---

type BinaryContext = { g: Tensor; a: Tensor; b: Tensor; y: Tensor };

type BinaryOptions = {
  onnx: string;
  /** Returns the gradients in the broadcast shape. `binary` then sums each gradient to the shape of its input. */
  gradient: (context: BinaryContext) => readonly [Tensor | undefined, Tensor | undefined];
  /**
   * The right operand that leaves the left one unchanged, such as 0 in x + 0 or 1 in x * 1. Such an operation builds no
   * node.
   */
  neutral?: number;
  commutes?: boolean;
};

function binary(
  name: string,
  { onnx, gradient, neutral, commutes = false }: BinaryOptions,
): (a: TensorLike, b: TensorLike) => Tensor {
  const build = define<null>({
    name,
    infer([a, b]) {
      if (a!.dtype !== b!.dtype || a!.dtype === 'bool') mismatch('both inputs must contain numbers of the same type.');
      return { dtype: a!.dtype, shape: broadcastShapes(a!.shape, b!.shape) };
    },
    emit: (e, inputs) => e.op(onnx, inputs),
    gradient({ g, inputs, outputs }: GradientContext<null>) {
      const [a, b] = inputs as [Tensor, Tensor];
      const [ga, gb] = gradient({ g, a, b, y: outputs[0]! });
      return [ga && fit(ga, g.shape, a.shape), gb && fit(gb, g.shape, b.shape)];
    },
  });
  return (left, right) => {
    const dtype = typeof left !== 'number' ? left.dtype : typeof right !== 'number' ? right.dtype : 'float';
    const a = asTensor(left, dtype);
    const b = asTensor(right, dtype);
    if (neutral !== undefined && knownNumber(b) === neutral && covers(a.shape, b.shape)) return a;
    if (neutral !== undefined && commutes && knownNumber(a) === neutral && covers(b.shape, a.shape)) return b;
    return build([a, b], null);
  };
}

/**
 * Sums a gradient to its input's shape. Gradient rules may return dimensions of size 1, so the gradient is first
 * expanded to the full shape.
 */
const fit = (g: Tensor, full: Shape, shape: Shape): Tensor => sumTo(broadcastTo(g, full), shape);

/** Returns true if `b` broadcasts to the shape `a`. */
function covers(a: Shape, b: Shape): boolean {
  return b.length <= a.length && b.every((d: Dim, i) => d === 1 || d === a[i + a.length - b.length]);
}

export const add = binary('add', { onnx: 'Add', gradient: ({ g }) => [g, g], neutral: 0, commutes: true });
export const sub = binary('sub', { onnx: 'Sub', gradient: ({ g }) => [g, neg(g)], neutral: 0 });
export const mul = binary('mul', {
  onnx: 'Mul',
  gradient: ({ g, a, b }) => [mul(g, b), mul(g, a)],
  neutral: 1,
  commutes: true,
});
export const div = binary('div', {
  onnx: 'Div',
  gradient: ({ g, b, y }) => {
    const ga = div(g, b);
    return [ga, neg(mul(ga, y))];
  },
  neutral: 1,
});
// If both inputs are equal, the first input gets the whole gradient. PyTorch gives half to each, which would need
// another comparison.
export const minimum = binary('minimum', {
  onnx: 'Min',
  gradient: ({ g, a, b }) => [where(lessOrEqual(a, b), g, 0), where(less(b, a), g, 0)],
});
export const maximum = binary('maximum', {
  onnx: 'Max',
  gradient: ({ g, a, b }) => [where(lessOrEqual(b, a), g, 0), where(less(a, b), g, 0)],
});

/** Remainder of an integer division, with the sign of the divisor. */
export const mod = binary('mod', { onnx: 'Mod', gradient: () => [undefined, undefined] });

// --- comparison and choice ---

function comparison(name: string, onnx: string): (a: TensorLike, b: TensorLike) => Tensor {
  const build = define<null>({
    name,
    infer([a, b]) {
      if (a!.dtype !== b!.dtype) mismatch('both inputs must have the same type.');
      return { dtype: 'bool', shape: broadcastShapes(a!.shape, b!.shape) };
    },
    emit: (e, inputs) => e.op(onnx, inputs),
  });
  return (left, right) => {
    const dtype = typeof left !== 'number' ? left.dtype : typeof right !== 'number' ? right.dtype : 'float';
    return build([asTensor(left, dtype), asTensor(right, dtype)], null);
  };
}

export const equal = comparison('equal', 'Equal');
export const less = comparison('less', 'Less');
export const lessOrEqual = comparison('lessOrEqual', 'LessOrEqual');
export const greater = (a: TensorLike, b: TensorLike): Tensor => less(b, a);
export const greaterOrEqual = (a: TensorLike, b: TensorLike): Tensor => lessOrEqual(b, a);
export const and = comparison('and', 'And');
export const or = comparison('or', 'Or');

const notOperator = define<null>({
  name: 'not',
  infer: ([x]) => (x!.dtype === 'bool' ? { dtype: 'bool', shape: x!.shape } : mismatch('the input must be boolean.')),
  emit: (e, [x]) => e.op('Not', [x!]),
});
export const not = (x: Tensor): Tensor => notOperator([x], null);

const whereOperator = define<null>({
  name: 'where',
  infer([condition, a, b]) {
    if (condition!.dtype !== 'bool' || a!.dtype !== b!.dtype)
      mismatch('the first input must be boolean, and the other two must have the same type.');
    return { dtype: a!.dtype, shape: broadcastShapes(broadcastShapes(condition!.shape, a!.shape), b!.shape) };
  },
  emit: (e, inputs) => e.op('Where', inputs),
  gradient: ({ g, inputs: [condition, a, b] }) => [
    undefined,
    sumTo(where(condition!, g, 0), a!.shape),
    sumTo(where(condition!, 0, g), b!.shape),
  ],
});

/** Chooses elements from a where the condition is true, and from b elsewhere. */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float';
  return whereOperator([condition, asTensor(a, dtype), asTensor(b, dtype)], null);
}
