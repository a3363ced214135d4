/**
 * The graph of a tensor program. A Tensor is an output of a Node. It has an element type and a shape, but no values:
 * only a compiled program computes values. An Operator (see operators/) contains its shape rule, its ONNX nodes and its
 * gradient, so a new operator needs no changes elsewhere.
 */
import { GlobeError } from '../core/errors.ts';
import { type Dim, dim, printShape, type Shape } from './dims.ts';
import type { AttributeValues, ElementType, GraphProto, ValueInfoProto } from './protobuf.ts';

/** 'float' is float32, or float64 in programs that are compiled for checking. Integer inputs and outputs are int32. */
export type DType = 'float' | 'int32' | 'bool';

export type Spec = { readonly dtype: DType; readonly shape: Shape };

export type Tensor = Spec & { readonly node: Node; readonly output: number };

export type Node<A = unknown> = {
  /**
   * Ids increase with every new node. The inputs of a node have smaller ids than the node, so ordering nodes by id is a
   * topological order.
   */
  readonly id: number;
  readonly operator: Operator<A>;
  readonly attributes: A;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /**
   * Call stack at construction, for error messages. It costs little, because V8 formats its text only when it is read.
   */
  readonly site: { readonly stack?: string };
};

export type GradientContext<A> = {
  readonly node: Node<A>;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /**
   * Gradient of the first output. `gs` has the gradients of all outputs; a gradient is undefined if the loss does not
   * depend on the output.
   */
  readonly g: Tensor;
  readonly gs: readonly (Tensor | undefined)[];
  readonly attributes: A;
};

export type Precision = 'float32' | 'float64';

/** Writes the ONNX nodes of operators. Values are identified by their names. */
export type Emitter = {
  readonly precision: Precision;
  /** Returns the ONNX element type of a tensor in this program. */
  elementType(dtype: DType): ElementType;
  /** Appends a node, or reuses an equal node. Returns the names of its outputs. */
  ops(
    opType: string,
    inputs: readonly string[],
    attributes: AttributeValues,
    outputs: number,
    domain?: string,
  ): readonly string[];
  /** The same as `ops`, for a node with one output. */
  op(opType: string, inputs: readonly string[], attributes?: AttributeValues, domain?: string): string;
  /** Adds a constant array. The file stores the array. */
  constant(type: ElementType, dims: readonly number[], values: readonly number[]): string;
  /** Adds a constant real scalar, in the precision of the program. */
  scalar(value: number): string;
  /** Adds a constant int64 vector. ONNX takes axes, permutations and fixed bounds in this form. */
  axes(values: readonly number[]): string;
  cast(value: string, to: ElementType): string;
  /** Returns the shape as an int64 vector. The vector is a constant if no dimension is symbolic. */
  shape(shape: Shape): string;
  /**
   * Returns the shape argument of Reshape. If at most one dimension is symbolic, the argument is a constant with -1 for
   * the symbolic dimension.
   */
  reshapeTarget(shape: Shape): string;
  /** Returns the name of a tensor's value. The tensor's node must already have been emitted. */
  value(tensor: Tensor): string;
  /** Gives a tensor an existing value, such as an input or a parameter of a nested graph. */
  bind(tensor: Tensor, name: string): void;
  /**
   * Makes a nested graph, such as the body of a Loop, with `build`. Values from outside that the nested graph uses must
   * already have been emitted.
   */
  subgraph(build: () => { input: readonly ValueInfoProto[]; output: readonly ValueInfoProto[] }): GraphProto;
  /** Emits all nodes that these tensors depend on and that have not been emitted yet, in order of construction. */
  emitAll(tensors: readonly Tensor[]): void;
  /**
   * Makes a tensor's value a result of the current graph, under the given name. If possible, renames the output of the
   * tensor's node, which avoids a copy.
   */
  result(tensor: Tensor, name: string): ValueInfoProto;
  valueInfo(name: string, spec: Spec): ValueInfoProto;
  freshName(): string;
};

export type Operator<A> = {
  readonly name: string;
  /**
   * Returns the element types and shapes of the operator's outputs. Calls `mismatch` if the inputs are incompatible.
   */
  infer(inputs: readonly Tensor[], attributes: A): Spec | readonly Spec[];
  /** Appends the ONNX nodes of the operator. Returns the names of the outputs' values. */
  emit(e: Emitter, inputs: readonly string[], node: Node<A>): string | readonly string[];
  /** Builds the gradient of each input from the gradients of the outputs. An undefined gradient means zero. */
  gradient?(context: GradientContext<A>): readonly (Tensor | undefined)[];
};

class Mismatch extends Error {}

/**
 * Throws an error about an operator's inputs. `apply` adds the operator's name, the shapes, and the line that built the
 * node.
 */
export function mismatch(message: string): never {
  throw new Mismatch(message);
}

let nextId = 0;

/** Builds a node and returns its outputs. All nodes are built by this function. */
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

/**
 * Makes an error that names the operator, its inputs, and the line that built the node (the innermost line outside this
 * folder).
 */
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

/** Returns the innermost line of the stack that is outside this folder. Test files of this folder count as outside. */
export function sourceLine(site: { stack?: string }): string {
  const lines = (site.stack ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^\s*at /, ''));
  const here = import.meta.dirname;
  const outside = lines.find((line) => !line.includes('node:') && (!line.includes(here) || line.includes('.test.ts')));
  return outside ?? lines.at(-1) ?? 'an unknown line';
}

/** Returns a function that builds a node of an operator with one output, and returns this output. */
export function define<A>(operator: Operator<A>): (inputs: readonly Tensor[], attributes: A) => Tensor {
  return (inputs, attributes) => apply(operator, inputs, attributes)[0]!;
}

/**
 * Returns the nodes that the tensors depend on, in order of construction. The search does not go beyond `known`
 * tensors.
 */
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
