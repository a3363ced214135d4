/**
 * Matrix multiplication, which takes most of a program's time. The operator includes transposition and a constant
 * factor (ONNX Runtime's FusedMatMul), so that attention and gradients need no transposed copies.
 */
import { type Dim, type Shape } from '../dims.ts';
import { define, mismatch, type Tensor, type Emitter } from '../tensor.ts';
import { broadcastShapes, reshape, sumTo } from './broadcast.ts';

export type MatmulOptions = {
  /** Whether to swap the last two dimensions of a (`transposeA`) or b (`transposeB`) before the product. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** A constant by which the product is multiplied. */
  readonly scale?: number;
};

type Flags = Required<MatmulOptions>;

/** Returns the numbers of rows and columns, after transposition if `transposed` is true. */
function readAs(shape: Shape, transposed: boolean): [Dim, Dim] {
  const [rows, columns] = shape.slice(-2) as [Dim, Dim];
  return transposed ? [columns, rows] : [rows, columns];
}

const matmulOperator = define<Flags>({
  name: 'matmul',
  infer([a, b], { transposeA, transposeB }) {
    if (a!.dtype !== 'float' || b!.dtype !== 'float') mismatch('both inputs must be real tensors.');
    if (a!.shape.length < 2 || b!.shape.length < 2) mismatch('both inputs must have at least two dimensions.');
    const [m, inner] = readAs(a!.shape, transposeA);
    const [other, n] = readAs(b!.shape, transposeB);
    if (inner !== other) mismatch(`the inner dimensions differ: ${m} × ${inner} times ${other} × ${n}.`);
    return { dtype: 'float', shape: [...broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2)), m, n] };
  },
  emit(e, [a, b], { inputs, attributes: { transposeA, transposeB, scale } }) {
    if (!transposeA && !transposeB && scale === 1) return e.op('MatMul', [a!, b!]);
    if (e.precision === 'float32') {
      return e.op(
        'FusedMatMul',
        [a!, b!],
        { transA: Number(transposeA), transB: Number(transposeB), alpha: { float: scale } },
        'com.microsoft',
      );
    }
    const left = transposeA ? turned(e, a!, inputs[0]!.shape.length) : a!;
    const right = transposeB ? turned(e, b!, inputs[1]!.shape.length) : b!;
    return e.op('Mul', [e.op('MatMul', [left, right]), e.scalar(scale)]);
  },
  gradient({ g, inputs, attributes: { transposeA, transposeB, scale } }) {
    const [a, b] = inputs as [Tensor, Tensor];
    const ga = transposeA
      ? matmul(b, g, { transposeA: transposeB, transposeB: true, scale })
      : matmul(g, b, { transposeB: !transposeB, scale });
    return [sumTo(ga, a.shape), weightGradient(g, a, b, { transposeA, transposeB, scale })];
  },
});

function weightGradient(g: Tensor, a: Tensor, b: Tensor, { transposeA, transposeB, scale }: Flags): Tensor {
  // If all batch elements use the same matrix b, one product over all rows is faster than a sum over batch elements.
  const shared = b.shape.length === 2 && a.shape.length > 2 && !transposeA;
  const x = shared ? reshape(a, [-1, a.shape.at(-1)!]) : a;
  const gy = shared ? reshape(g, [-1, g.shape.at(-1)!]) : g;
  const gb = transposeB
    ? matmul(gy, x, { transposeA: true, transposeB: transposeA, scale })
    : matmul(x, gy, { transposeA: !transposeA, scale });
  return sumTo(gb, b.shape);
}

/**
 * Swaps the last two dimensions of a value. Only float64 programs use it, because float64 kernels have no transpose
 * flags.
 */
function turned(e: Emitter, x: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, i) => i);
  perm.push(perm.splice(rank - 2, 1)[0]!);
  return e.op('Transpose', [x], { perm });
}

/** Multiplies matrices: [..., m, k] × [..., k, n] → [..., m, n]. Leading dimensions broadcast. */
export const matmul = (
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false, scale = 1 }: MatmulOptions = {},
): Tensor => matmulOperator([a, b], { transposeA, transposeB, scale });
