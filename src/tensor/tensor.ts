/**
 * The graph. A Tensor represents an array before it is computed: an output of a Node, with element type and shape; only
 * a compiled program computes it. An Operator (see operators/) defines its shape rule, its ONNX nodes and its gradient;
 * a new operator needs no changes elsewhere.
 */
import { GlobeError } from '../core/errors.ts';
import { type Dim, dim, printShape, type Shape } from './dims.ts';
import type { AttributeValues, ElementType, GraphProto, ValueInfoProto } from './protobuf.ts';

/** 'float' is float32, or float64 in a program compiled for checking. Integer inputs and outputs are int32. */
export type DType = 'float' | 'int32' | 'bool';

export type Spec = { readonly dtype: DType; readonly shape: Shape };

export type Tensor = Spec & { readonly node: Node; readonly output: number };

export type Node<A = unknown> = {
  /** Increases with every new node: a node's inputs have smaller ids, so sorting by id is a topological order. */
  readonly id: number;
  readonly operator: Operator<A>;
  readonly attributes: A;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Stack of the place where the node was built; V8 formats its text lazily. */
  readonly site: { readonly stack?: string };
};

export type GradientContext<A> = {
  readonly node: Node<A>;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /**
   * `g` is the gradient of the first output, `gs` that of every output (undefined if the loss does not depend on it).
   */
  readonly g: Tensor;
  readonly gs: readonly (Tensor | undefined)[];
  readonly attributes: A;
};

export type Precision = 'float32' | 'float64';

/** Writes ONNX nodes for an operator. Values are identified by their names. */
export type Emitter = {
  readonly precision: Precision;
  /** ONNX element type of a tensor of this program. */
  elementType(dtype: DType): ElementType;
  /** Appends a node, unless an equal one exists, and returns its outputs' names. */
  ops(
    opType: string,
    inputs: readonly string[],
    attributes: AttributeValues,
    outputs: number,
    domain?: string,
  ): readonly string[];
  /** `ops` for a node with one output. */
  op(opType: string, inputs: readonly string[], attributes?: AttributeValues, domain?: string): string;
  /** A constant array, kept in the file. */
  constant(type: ElementType, dims: readonly number[], values: readonly number[]): string;
  /** A real scalar in the program's precision. */
  scalar(value: number): string;
  /** An int64 vector: axes, permutations, static bounds. */
  axes(values: readonly number[]): string;
  cast(value: string, to: ElementType): string;
  /** A shape at run time as an int64 vector; a constant if no dimension is symbolic. */
  shape(shape: Shape): string;
  /**
   * Reshape's argument. If at most one dimension is symbolic it is a constant with -1, which the runtime plans best.
   */
  reshapeTarget(shape: Shape): string;
  /** The name of a tensor's value; the tensor's node must have been emitted. */
  value(tensor: Tensor): string;
  /** Binds a tensor to an existing value: an input, or a parameter of a nested graph. */
  bind(tensor: Tensor, name: string): void;
  /**
   * A graph inside a node (such as a Loop's body), filled by `build`. Values that it needs from outside must already be
   * emitted.
   */
  subgraph(build: () => { input: readonly ValueInfoProto[]; output: readonly ValueInfoProto[] }): GraphProto;
  /** Emits all nodes that these tensors still need, in order of construction. */
  emitAll(tensors: readonly Tensor[]): void;
  /** Makes a value a result of the current graph; if possible by renaming the node's output, which avoids a copy. */
  result(tensor: Tensor, name: string): ValueInfoProto;
  valueInfo(name: string, spec: Spec): ValueInfoProto;
  freshName(): string;
};

export type Operator<A> = {
  readonly name: string;
  /** Element types and shapes of the outputs; calls `mismatch` if the inputs do not fit. */
  infer(inputs: readonly Tensor[], attributes: A): Spec | readonly Spec[];
  /** Appends ONNX nodes; returns the names of the values that hold the outputs. */
  emit(e: Emitter, inputs: readonly string[], node: Node<A>): string | readonly string[];
  /** Gradient of each input, built with operators from the gradients of the outputs; undefined if zero. */
  gradient?(context: GradientContext<A>): readonly (Tensor | undefined)[];
};

class Mismatch extends Error {}

/** Rejects an operator's inputs; `apply` adds the operator's name, the shapes, and the line that built the node. */
export function mismatch(message: string): never {
  throw new Mismatch(message);
}

let nextId = 0;

/** Builds a node; every operator uses this function. */
export function apply<A>(operator: Operator<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  const site: { stack?: string } = {};
  Error.captureStackTrace(site);
  let specs;
  try {
    specs = operator.infer(inputs, attributes);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw programError(operator.name, error.message, inputs, site);
  }
  const outputs: Tensor[] = [];
  const node = { id: nextId++, operator: operator as Operator<unknown>, attributes, inputs, outputs, site };
  for (const [output, { dtype, shape }] of ('dtype' in specs ? [specs] : specs).entries()) {
    outputs.push({ dtype, shape: shape.map((d) => checked(d)), node, output });
  }
  return outputs;
}

const checked = (d: Dim): Dim => (typeof d === 'number' ? d : dim(d));

/** An error that names the operator, its inputs, and the line outside this folder that built the node. */
export function programError(
  name: string,
  message: string,
  inputs: readonly Spec[],
  site: { stack?: string },
): GlobeError {
  const shapes = inputs.map((t) => `${t.dtype}${printShape(t.shape)}`).join(', ');
  return new GlobeError({
    code: 'invalid-input',
    message: `${name}(${shapes}): ${message} Built at ${sourceLine(site)}.`,
    hint: 'Compare the shapes above with the line that built the operator.',
  });
}

/** The innermost line of the stack that is outside this folder (its tests count as outside). */
export function sourceLine(site: { stack?: string }): string {
  const lines = (site.stack ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^\s*at /, ''));
  const here = import.meta.dirname;
  const outside = lines.find((line) => !line.includes('node:') && (!line.includes(here) || line.includes('.test.ts')));
  return outside ?? lines.at(-1) ?? 'an unknown line';
}

/** Makes a function that builds nodes of an operator with one output. */
export function define<A>(operator: Operator<A>): (inputs: readonly Tensor[], attributes: A) => Tensor {
  return (inputs, attributes) => apply(operator, inputs, attributes)[0]!;
}

/** Nodes that the tensors depend on, in order of construction; does not continue behind `known` tensors. */
export function reachable(tensors: readonly Tensor[], known: (t: Tensor) => boolean = () => false): Node[] {
  const seen = new Set<Node>();
  const open = tensors.filter((t) => !known(t)).map((t) => t.node);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const input of node.inputs) if (!known(input)) open.push(input.node);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
