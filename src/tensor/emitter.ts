/**
 * Compiles a graph of tensors to one ONNX file. Only nodes that an output needs are written, and equal nodes (common
 * subexpressions) are written once. Symbolic sizes become integer arithmetic on the shapes of the program's inputs. The
 * body of a Loop is a nested graph, but nodes that do not depend on the iteration stay outside it.
 */
import { invalidInput } from '../core/errors.ts';
import type { HostArray } from './array.ts';
import { type Dim, printShape, type Shape, substitute, symbolsOf, termsOf } from './dims.ts';
import {
  attributeProto,
  type AttributeValues,
  type ElementType,
  elementTypes,
  encodeModel,
  type GraphProto,
  type NodeProto,
  rawBytes,
  type TensorProto,
  type ValueInfoProto,
} from './protobuf.ts';
import { type DType, type Emitter, type Precision, reachable, type Spec, type Tensor } from './tensor.ts';

type Scope = { readonly parent?: Scope; readonly nodes: NodeProto[]; readonly known: Map<string, readonly string[]> };

export type EmitOptions = {
  readonly precision?: Precision;
  /** Sizes of names that are fixed at compile time. The program then accepts no other sizes. */
  readonly sizes?: Readonly<Record<string, number>>;
  /**
   * Inputs to store in the file as constants, by name. Weights that no longer change are faster as constants, because
   * the runtime prepares their memory layout in advance.
   */
  readonly constants?: Readonly<Record<string, HostArray>>;
};

const ONNX_OPSET = 21;
const IR_VERSION = 10;

export class GraphEmitter implements Emitter {
  readonly precision: Precision;
  readonly #sizes: Readonly<Record<string, number>>;
  readonly #constants: Readonly<Record<string, HostArray>>;
  readonly #values = new Map<Tensor, string>();
  readonly #initializers: TensorProto[] = [];
  readonly #root: Scope = { nodes: [], known: new Map() };
  readonly #symbols = new Map<string, { value: string; axis: number }>();
  readonly #renamed = new Map<string, string>();
  #scope = this.#root;
  #names = 0;

  constructor({ precision = 'float32', sizes = {}, constants = {} }: EmitOptions = {}) {
    this.precision = precision;
    this.#sizes = sizes;
    this.#constants = constants;
  }

  elementType(dtype: DType): ElementType {
    return dtype === 'float' ? this.precision : dtype;
  }

  ops(
    opType: string,
    inputs: readonly string[],
    attributes: AttributeValues,
    outputs: number,
    domain = '',
  ): readonly string[] {
    const key = `${domain}:${opType}(${inputs.join(',')})${JSON.stringify(attributes)}${outputs}`;
    for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.parent) {
      const known = scope.known.get(key);
      if (known !== undefined) return known;
    }
    const output = Array.from({ length: outputs }, () => this.freshName());
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.#scope.nodes.push({ name: `${opType}_${output[0]}`, opType, domain, input: inputs, output, attribute });
    this.#scope.known.set(key, output);
    return output;
  }

  op(opType: string, inputs: readonly string[], attributes: AttributeValues = {}, domain = ''): string {
    return this.ops(opType, inputs, attributes, 1, domain)[0]!;
  }

  constant(type: ElementType, dims: readonly number[], values: readonly number[]): string {
    const key = `constant:${type}[${dims.join(',')}]${values.join(',')}`;
    const known = this.#root.known.get(key);
    if (known !== undefined) return known[0]!;
    const name = this.freshName();
    this.#initializers.push({ name, dims, dataType: elementTypes[type], rawData: rawBytes(type, values) });
    this.#root.known.set(key, [name]);
    return name;
  }

  scalar(value: number): string {
    return this.constant(this.precision, [], [value]);
  }

  axes(values: readonly number[]): string {
    return this.constant('int64', [values.length], values);
  }

  cast(value: string, to: ElementType): string {
    return this.op('Cast', [value], { to: elementTypes[to] });
  }

  /** Replaces the names in a shape by the sizes that are fixed at compile time. */
  resolve(shape: Shape): Shape {
    return shape.map((d) => (typeof d === 'number' ? d : substitute(d, this.#sizes)));
  }

  shape(shape: Shape): string {
    const dims = this.resolve(shape);
    if (dims.every((d) => typeof d === 'number')) return this.axes(dims);
    return this.#atRoot(() =>
      dims.length === 1
        ? this.#dimension(dims[0]!)
        : this.op(
            'Concat',
            dims.map((d) => this.#dimension(d)),
            { axis: 0 },
          ),
    );
  }

  reshapeTarget(shape: Shape): string {
    const dims = this.resolve(shape);
    const symbolic = dims.filter((d) => typeof d === 'string').length;
    return symbolic === 1 && !dims.includes(0)
      ? this.axes(dims.map((d) => (typeof d === 'number' ? d : -1)))
      : this.shape(dims);
  }

  /**
   * Runs `build`, and adds its nodes to the outermost graph. Use it for values that never depend on a loop's state.
   */
  #atRoot(build: () => string): string {
    const scope = this.#scope;
    this.#scope = this.#root;
    const value = build();
    this.#scope = scope;
    return value;
  }

  /** Writes a dimension as an int64 vector of length 1. */
  #dimension(dim: Dim): string {
    const terms = termsOf(dim).map(({ coefficient, names }) => {
      const factors = names.map((name) => this.#size(name));
      if (coefficient !== 1 || factors.length === 0) factors.push(this.axes([coefficient]));
      return factors.reduce((a, b) => this.op('Mul', [a, b]));
    });
    return terms.length === 0 ? this.axes([0]) : terms.reduce((a, b) => this.op('Add', [a, b]));
  }

  #size(name: string): string {
    const source = this.#symbols.get(name);
    if (source === undefined) {
      throw invalidInput(
        `The size "${name}" is unknown, because no input of the program has it as a dimension.`,
        `Use the dimension "${name}" in an input, or set it with compile({ sizes: { ${name}: … } }).`,
      );
    }
    return this.op('Shape', [source.value], { start: source.axis, end: source.axis + 1 });
  }

  value(tensor: Tensor): string {
    const name = this.#values.get(tensor);
    if (name === undefined) throw new Error(`${tensor.node.operator.name} was read before it was written.`);
    return name;
  }

  bind(tensor: Tensor, name: string): void {
    this.#values.set(tensor, name);
  }

  subgraph(build: () => { input: readonly ValueInfoProto[]; output: readonly ValueInfoProto[] }): GraphProto {
    const outer = this.#scope;
    const inner: Scope = { parent: outer, nodes: [], known: new Map() };
    this.#scope = inner;
    const { input, output } = build();
    this.#scope = outer;
    return { name: this.freshName(), node: inner.nodes, initializer: [], input, output };
  }

  emitAll(tensors: readonly Tensor[]): void {
    for (const node of reachable(tensors, (t) => this.#values.has(t))) {
      const names = node.operator.emit(
        this,
        node.inputs.map((t) => this.value(t)),
        node,
      );
      for (const [i, tensor] of node.outputs.entries())
        this.#values.set(tensor, typeof names === 'string' ? names : names[i]!);
    }
  }

  result(tensor: Tensor, name: string): ValueInfoProto {
    const value = this.value(tensor);
    const isLocal = this.#scope.nodes.some((node) => node.output.includes(value));
    if (isLocal && !this.#renamed.has(value)) this.#renamed.set(value, name);
    else
      this.#scope.nodes.push({
        name: `Result_${name}`,
        opType: 'Identity',
        domain: '',
        input: [value],
        output: [name],
        attribute: [],
      });
    return this.valueInfo(name, tensor);
  }

  /** Returns the nodes, with each result under its final name. */
  #finished(nodes: readonly NodeProto[]): NodeProto[] {
    const name = (value: string): string => this.#renamed.get(value) ?? value;
    return nodes.map((node) => ({
      ...node,
      input: node.input.map(name),
      output: node.output.map(name),
      attribute: node.attribute.map((a) =>
        a.g === undefined ? a : { ...a, g: { ...a.g, node: this.#finished(a.g.node) } },
      ),
    }));
  }

  valueInfo(name: string, { dtype, shape }: Spec): ValueInfoProto {
    const dim = this.resolve(shape).map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
    return { name, type: { tensorType: { elemType: elementTypes[this.elementType(dtype)], shape: { dim } } } };
  }

  freshName(): string {
    return `%${this.#names++}`;
  }

  /** Returns the ONNX file of the program. Symbolic sizes are determined at run time from the shapes of the inputs. */
  model(inputs: Readonly<Record<string, Tensor>>, outputs: Readonly<Record<string, Tensor>>): Uint8Array {
    for (const [name, tensor] of Object.entries(inputs)) {
      this.#values.set(tensor, name);
      const fixed = this.#constants[name];
      if (fixed !== undefined) {
        const { shape: dims, data, dtype } = fixed;
        const expected = this.resolve(tensor.shape);
        if (
          dims.length !== expected.length ||
          dims.some((d, i) => typeof expected[i] === 'number' && d !== expected[i])
        ) {
          throw invalidInput(
            `"${name}" has shape ${printShape(expected)}, but its constant has shape ${printShape(dims)}.`,
          );
        }
        const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        this.#initializers.push({ name, dims, dataType: elementTypes[dtype], rawData });
      }
      for (const [axis, d] of this.resolve(tensor.shape).entries()) {
        if (typeof d === 'string' && symbolsOf(d).join('') === d && !this.#symbols.has(d))
          this.#symbols.set(d, { value: name, axis });
      }
    }
    this.emitAll(Object.values(outputs));
    const output = Object.entries(outputs).map(([name, tensor]) => this.result(tensor, name));
    const open = Object.entries(inputs).filter(([name]) => this.#constants[name] === undefined);
    const input = open.map(([name, tensor]) => this.valueInfo(name, tensor));
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: 'globe',
      opsetImport: [
        { domain: '', version: ONNX_OPSET },
        { domain: 'com.microsoft', version: 1 },
      ],
      graph: {
        name: 'program',
        node: this.#finished(this.#root.nodes),
        initializer: this.#initializers,
        input,
        output,
      },
    });
  }
}
