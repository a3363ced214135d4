/**
 * Tensor programs on ONNX Runtime. Build a graph from `input`s with the operators below, and get the `gradients` of a
 * scalar. `compile` converts outputs and updates to one ONNX program. Its method `run` takes host arrays and a `Store`
 * of weights:
 *
 * const x = input('x', ['batch', 3]); const w = input('w', [3, 1]); const loss = reduceMean(square(matmul(x, w)));
 * const [g] = gradients(loss, [w]); const program = await compile({ outputs: { loss }, updates: { w: sub(w, mul(g,
 * 0.1)) } }); const store = new Store({ w: float32([3, 1], [1, 2, 3]) }); const { loss } = await program.run({ x:
 * float32([2, 3], [...]) }, store);
 *
 * A new operator is one call of `define({ name, infer, emit, gradient })`, here or in a layer above. operators/ has
 * examples. Dimensions are numbers, names ('batch') or polynomials of names ('batch*sequence', 'sequence+9'). There is
 * no eager mode, autocast or GPU support.
 */
export { type AdamWArrays, type AdamWStep, adamWInPlace, sumOfSquares } from './adamw-in-place.ts';
export { type HostArray, array, bool, float32, int32, zeros } from './array.ts';
export { type Dim, type Shape, addDims, divideDims, multiplyDims, sizeOf, subtractDims } from './dims.ts';
export { type GradientOptions, gradients } from './gradient.ts';
export { broadcastTo, reduceSum, reshape } from './operators/broadcast.ts';
export {
  abs,
  add,
  and,
  cast,
  clip,
  constant,
  cos,
  div,
  equal,
  erf,
  exp,
  floor,
  full,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  log,
  maximum,
  minimum,
  mod,
  mul,
  neg,
  not,
  or,
  pow,
  reciprocal,
  relu,
  rsqrt,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
  where,
  zerosLike,
} from './operators/elementwise.ts';
export {
  addAt,
  argmax,
  gather,
  iota,
  oneHot,
  scatterAddAlong,
  scatterAddRows,
  takeAlong,
  topK,
} from './operators/indexing.ts';
export { loop } from './operators/loop.ts';
export { matmul } from './operators/matrix.ts';
export {
  gelu,
  l2Normalize,
  layerNorm,
  logProbability,
  logSoftmax,
  reluSquared,
  rmsNorm,
  silu,
  softmax,
} from './operators/normalization.ts';
export { normal, uniform } from './operators/random.ts';
export { cumsum, dimension, reduceMax, reduceMean, variance } from './operators/reduce.ts';
export { concat, pad, slice, split, transpose } from './operators/shape.ts';
export {
  type AdamWOptions,
  accumulate,
  accumulated,
  adamW,
  clipByGlobalNorm,
  globalNorm,
  initialAccumulators,
  initialMoments,
  momentNames,
} from './optimizer.ts';
export {
  type CompileOptions,
  type ProgramDefinition,
  ProgramTemplate,
  compile,
  input,
  inputsOf,
  Program,
  Store,
  toOnnx,
} from './program.ts';
export { type Safetensors, readSafetensors, writeSafetensors } from './safetensors.ts';
export { type Schedule, constantRate, warmupCosine, warmupLinear } from './schedule.ts';
export { type DType, type Operator, type Precision, type Tensor, apply, define, mismatch } from './tensor.ts';
