/**
 * Compiles and runs programs. A program has named outputs and updates. An update is a new value of an input, such as a
 * weight after a training step. A Store holds such inputs, and takes their new values only if the run succeeds. Inputs
 * are read without a copy. Every output is copied once (about 0.3 ms per megabyte), so a program should have small
 * outputs. For example, a program should return only the new rows of a cache, and the caller should append them.
 */
import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { type HostArray, repeated } from './array.ts';
import { type Dim, dim, printShape, type Shape, substitute } from './dims.ts';
import { type EmitOptions, GraphEmitter } from './emitter.ts';
import { knownNumber } from './operators/elementwise.ts';
import { initializerOffsets } from './protobuf.ts';
import { apply, type DType, type Operator, type Tensor, reachable } from './tensor.ts';

const inputOperator: Operator<{ name: string; dtype: DType; shape: Shape }> = {
  name: 'input',
  infer: (_, { dtype, shape }) => ({ dtype, shape: shape.map((d: Dim) => dim(d)) }),
  emit: (_, __, { attributes }) => {
    throw new Error(`The input "${attributes.name}" was not declared.`);
  },
};

/**
 * Declares a named input of a program. A name in `shape` stands for a size that is known only when the program runs.
 */
export const input = (name: string, shape: Shape, dtype: DType = 'float'): Tensor =>
  apply(inputOperator, [], { name, dtype, shape })[0]!;

export type ProgramDefinition = {
  readonly outputs?: Readonly<Record<string, Tensor>>;
  /** New values of inputs, by input name. `run` writes them to the store. */
  readonly updates?: Readonly<Record<string, Tensor>>;
};

const nextName = (name: string): string => `next.${name}`;

/** Returns the inputs that outputs and updates need, by name. */
export function inputsOf({ outputs = {}, updates = {} }: ProgramDefinition): Record<string, Tensor> {
  const inputs: Record<string, Tensor> = {};
  for (const { operator, attributes, outputs: declared } of reachable([
    ...Object.values(outputs),
    ...Object.values(updates),
  ])) {
    if (operator.name !== 'input') continue;
    const { name } = attributes as { name: string };
    if (inputs[name] !== undefined)
      throw invalidInput(`Two inputs are named "${name}".`, 'Create each input once and reuse it.');
    inputs[name] = declared[0]!;
  }
  return inputs;
}

/** Returns the program as the bytes of an .onnx file. The update of an input `w` is the file's output `next.w`. */
export function toOnnx(definition: ProgramDefinition, options: EmitOptions = {}): Uint8Array {
  const { outputs = {}, updates = {} } = definition;
  const inputs = inputsOf(definition);
  for (const [name, tensor] of Object.entries(updates)) {
    const before = inputs[name];
    if (
      before === undefined ||
      printShape(before.shape) !== printShape(tensor.shape) ||
      before.dtype !== tensor.dtype
    ) {
      throw invalidInput(
        `The update "${name}" is ${tensor.dtype}${printShape(tensor.shape)}, but ${before === undefined ? 'the program has no input of that name' : `the input of that name is ${before.dtype}${printShape(before.shape)}`}.`,
        'An update replaces an input, so it needs the name, type and shape of that input.',
      );
    }
  }
  const duplicate = Object.keys(outputs).find((name) => inputs[name] !== undefined);
  if (duplicate !== undefined)
    throw invalidInput(
      `"${duplicate}" is both an input and an output.`,
      'Give the output another name, or make it an update.',
    );
  const next = Object.fromEntries(Object.entries(updates).map(([name, tensor]) => [nextName(name), tensor]));
  return new GraphEmitter(options).model(inputs, { ...outputs, ...next });
}

export type CompileOptions = EmitOptions & {
  /**
   * Number of threads. The default is the number of cores. Results can differ in the last bits between numbers of
   * threads.
   */
  readonly threads?: number;
  /** Writes the runtime's profile to files with this prefix. */
  readonly profilePrefix?: string;
};

/** Compiles a program for onnxruntime-node. Compilation takes 10 ms to a second, so reuse the result. */
export function compile(definition: ProgramDefinition, options: CompileOptions = {}): Promise<Program> {
  return openFile(programFile(definition, options), options);
}

/**
 * A program to be compiled several times with different constants, such as the weights of a model in training. The ONNX
 * file is built once. Each compilation only copies the new constants into it.
 *
 * @example const template = new ProgramTemplate({ outputs: { y: matmul(x, w) } }, { constants: { w: before } }); await
 * using program = await template.compile({ w: after });
 */
export class ProgramTemplate {
  readonly #options: CompileOptions & Required<Pick<CompileOptions, 'constants'>>;
  readonly #file: ProgramFile;
  readonly #offsets: ReadonlyMap<string, number>;

  /** `constants` has the names, types and shapes of the arrays to pass to `compile`. Their values do not matter. */
  constructor(
    definition: ProgramDefinition,
    options: CompileOptions & { readonly constants: Readonly<Record<string, HostArray>> },
  ) {
    this.#options = options;
    this.#file = programFile(definition, options);
    this.#offsets = initializerOffsets(this.#file.bytes);
  }

  /**
   * Compiles the program with new constants. Throws `invalid-input` if a constant is missing or has another type or
   * shape.
   */
  async compile(constants: Readonly<Record<string, HostArray>>): Promise<Program> {
    const { bytes } = this.#file;
    for (const [name, { dtype, shape }] of Object.entries(this.#options.constants)) {
      const offset = this.#offsets.get(name);
      // The program does not use this constant, so the file does not contain it.
      if (offset === undefined) continue;
      const value = constants[name];
      if (value?.dtype !== dtype || value.shape.join() !== shape.join()) {
        throw invalidInput(
          `The constant "${name}" must be ${dtype}${printShape(shape)}, but is ${value === undefined ? 'missing' : `${value.dtype}${printShape(value.shape)}`}.`,
        );
      }
      bytes.set(new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength), offset);
    }
    return openFile(this.#file, this.#options);
  }
}

type ProgramFile = {
  readonly bytes: Uint8Array;
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly string[];
  readonly updates: readonly string[];
  readonly filled: Readonly<Record<string, HostArray>>;
};

function programFile(definition: ProgramDefinition, options: EmitOptions): ProgramFile {
  const { computed, filled } = separateFills(definition, options);
  const { precision = 'float32', sizes = {}, constants = {} } = options;
  const open = Object.entries(inputsOf(computed)).filter(([name]) => constants[name] === undefined);
  return {
    bytes: toOnnx(computed, options),
    inputs: open.map(([name, { dtype, shape }]) => ({
      name,
      dtype: dtype === 'float' ? precision : dtype,
      shape: shape.map((d) => substitute(d, sizes)),
    })),
    outputs: Object.keys(computed.outputs ?? {}),
    updates: Object.keys(computed.updates ?? {}),
    filled,
  };
}

async function openFile(
  { bytes, inputs, outputs, updates, filled }: ProgramFile,
  { threads = availableParallelism(), profilePrefix, precision }: CompileOptions,
): Promise<Program> {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Some of the runtime's optimizations create operators that exist only in float32, so they are disabled for float64
    // programs.
    graphOptimizationLevel: precision === 'float64' ? 'basic' : 'all',
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    extra: { session: { set_denormal_as_zero: '1' } },
  });
  return new Program(session, inputs, outputs, updates, filled);
}

/**
 * Separates the updates that fill an array with one value, such as resets to zero. They need no computation and no copy
 * from the runtime. All stores can share one such array, because the arrays of a store are never written to.
 */
function separateFills(
  { outputs = {}, updates = {} }: ProgramDefinition,
  { precision = 'float32', sizes = {} }: EmitOptions,
): { computed: ProgramDefinition; filled: Readonly<Record<string, HostArray>> } {
  const computed: Record<string, Tensor> = {};
  const filled: Record<string, HostArray> = {};
  for (const [name, tensor] of Object.entries(updates)) {
    const value = knownNumber(tensor);
    const shape = tensor.shape.map((d) => substitute(d, sizes));
    if (value === undefined || !shape.every((d) => typeof d === 'number')) computed[name] = tensor;
    else filled[name] = repeated(tensor.dtype === 'float' ? precision : tensor.dtype, shape, value);
  }
  return { computed: { outputs, updates: computed }, filled };
}

type InputSpec = { readonly name: string; readonly dtype: HostArray['dtype']; readonly shape: Shape };

/** A compiled program. It holds native memory, so declare it with `await using` or call `dispose`. */
export class Program {
  readonly #session: InferenceSession;
  readonly #inputs: readonly InputSpec[];
  /** Names of the outputs. */
  readonly outputs: readonly string[];
  readonly #updates: readonly string[];
  readonly #filled: Readonly<Record<string, HostArray>>;

  constructor(
    session: InferenceSession,
    inputs: readonly InputSpec[],
    outputs: readonly string[],
    updates: readonly string[],
    filled: Readonly<Record<string, HostArray>>,
  ) {
    this.#session = session;
    this.#inputs = inputs;
    this.outputs = outputs;
    this.#updates = updates;
    this.#filled = filled;
  }

  /**
   * Runs the program once. Inputs come from `feeds`, or from `store` if `feeds` lacks them. Updates are written to the
   * store. Throws `invalid-input` for an input that is missing or has the wrong shape, and `internal` if the runtime
   * fails. A failed run does not change the store. An output in `into` is written directly to the given array, which
   * saves a copy; after a failure, the array's content is undefined. All other outputs are returned.
   */
  async run(
    feeds: Readonly<Record<string, HostArray>> = {},
    store?: Store,
    into: Readonly<Record<string, HostArray>> = {},
  ): Promise<Record<string, HostArray>> {
    const values: Record<string, OrtTensor> = {};
    const sizes: Record<string, number> = {};
    for (const spec of this.#inputs) {
      const fed = feeds[spec.name];
      const value = fed === undefined ? store?.value(spec.name) : toOrt(fed);
      if (value === undefined)
        throw invalidInput(
          `The program's input "${spec.name}" is missing.`,
          `Pass an array of type and shape ${spec.dtype}${printShape(spec.shape)}.`,
        );
      checkFit(spec, value, sizes);
      values[spec.name] = value;
    }
    const updated = [...this.#updates, ...Object.keys(this.#filled)];
    if (updated.length > 0 && store === undefined) {
      throw invalidInput(`The program updates ${updated.join(', ')}, but has no store.`, 'Pass a store to run.');
    }
    const others = this.outputs.filter((name) => into[name] === undefined);
    const fetches = {
      ...Object.fromEntries([...others, ...this.#updates.map(nextName)].map((name) => [name, null])),
      ...Object.fromEntries(Object.entries(into).map(([name, array]) => [name, toOrt(array)])),
    };
    let results;
    const release = store?.hold();
    try {
      results = await this.#session.run(values, fetches);
    } catch (cause) {
      throw new GlobeError({ code: 'internal', message: `The program failed: ${messageOf(cause)}`, cause });
    } finally {
      release?.();
    }
    for (const name of this.#updates) store!.replace(name, results[nextName(name)]!);
    for (const [name, value] of Object.entries(this.#filled)) store!.set(name, value);
    return Object.fromEntries(others.map((name) => [name, fromOrt(results[name]!)]));
  }

  /** Writes the profile if the program was compiled with `profilePrefix`. */
  endProfiling(): void {
    this.#session.endProfiling();
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** Checks the type, rank and sizes of an input. A named size must have the same value in all inputs. */
function checkFit({ name, dtype, shape }: InputSpec, value: OrtTensor, sizes: Record<string, number>): void {
  const fits =
    value.type === dtype &&
    value.dims.length === shape.length &&
    shape.every((d, i) => {
      const actual = value.dims[i]!;
      if (typeof d === 'number') return d === actual;
      if (!/^\w+$/.test(d)) return substitute(d, sizes) === actual || typeof substitute(d, sizes) === 'string';
      return (sizes[d] ??= actual) === actual;
    });
  if (fits) return;
  const known = Object.entries(sizes).map(([size, value]) => `${size} = ${value}`);
  throw invalidInput(
    `The input "${name}" must be ${dtype}${printShape(shape)}, but is ${value.type}${printShape(value.dims)}${known.length > 0 ? ` (${known.join(', ')})` : ''}.`,
  );
}

/**
 * Named arrays that persist between runs of programs, such as weights and moments. When a run replaces an array, the
 * store frees the old array's memory at once, unless a caller holds the array. The garbage collector does not count
 * this memory, so it would free it too late, and memory would grow and fragment.
 */
export class Store {
  readonly #arrays = new Map<string, OrtTensor>();
  /** Names of arrays that a run has created and that no caller holds. */
  readonly #own = new Set<string>();
  readonly #replaced: OrtTensor[] = [];
  #runs = 0;

  constructor(arrays: Readonly<Record<string, HostArray>> = {}) {
    for (const [name, value] of Object.entries(arrays)) this.set(name, value);
  }

  names(): string[] {
    return [...this.#arrays.keys()];
  }

  has(name: string): boolean {
    return this.#arrays.has(name);
  }

  /** Returns the current array without a copy. The caller must not write to it. */
  get(name: string): HostArray {
    const value = this.#arrays.get(name);
    if (value === undefined)
      throw invalidInput(
        `The store has no tensor "${name}".`,
        `The store has: ${this.names().join(', ') || 'nothing'}.`,
      );
    this.#own.delete(name);
    return fromOrt(value);
  }

  /**
   * Returns the arrays with the given names. The default is all arrays. Later runs create new arrays and do not change
   * the returned ones.
   */
  snapshot(names: readonly string[] = this.names()): Record<string, HostArray> {
    return Object.fromEntries(names.map((name) => [name, this.get(name)]));
  }

  /** Sets an array without a copy. */
  set(name: string, value: HostArray): void {
    this.#put(name, toOrt(value));
  }

  /** Returns an array in the form that Program reads. */
  value(name: string): OrtTensor | undefined {
    return this.#arrays.get(name);
  }

  /** Used by Program. Keeps replaced arrays in memory until the returned function is called. */
  hold(): () => void {
    this.#runs += 1;
    return () => {
      this.#runs -= 1;
      this.#freeReplaced();
    };
  }

  /** Used by Program. Replaces an array by the result of a run. */
  replace(name: string, value: OrtTensor): void {
    this.#put(name, value);
    this.#own.add(name);
    this.#freeReplaced();
  }

  #put(name: string, value: OrtTensor): void {
    if (this.#own.delete(name)) this.#replaced.push(this.#arrays.get(name)!);
    this.#arrays.set(name, value);
  }

  #freeReplaced(): void {
    if (this.#runs > 0) return;
    for (const { data } of this.#replaced.splice(0).map(fromOrt)) (data.buffer as ArrayBuffer).transfer(0);
  }
}

const toOrt = ({ dtype, shape, data }: HostArray): OrtTensor =>
  new OrtTensor(dtype as 'float32', data as Float32Array, shape);

const fromOrt = (t: OrtTensor): HostArray => ({ dtype: t.type, shape: t.dims, data: t.data }) as HostArray;
