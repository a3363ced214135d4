/**
 * The memory of a model in training: weights, moments and sums of gradients, each in one flat array. With flat arrays,
 * the optimizer is one loop over a slice, and threads can share the memory. The trained parameters come first. Only
 * they have moments and gradients.
 */
import { invalidInput } from '../../core/errors.ts';
import { float32, type HostArray, momentNames } from '../../tensor/index.ts';
import type { ParameterSpecs } from '../model/parameters.ts';

/** Where one parameter is in the flat arrays. */
export type Slot = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
};

export type WeightLayout = {
  readonly slots: readonly Slot[];
  /** The slots of the trained parameters, which are the first slots. */
  readonly trained: readonly Slot[];
  /**
   * `size` is the length of the array of all parameters. `trainedSize` is the length of the arrays for the trained
   * parameters.
   */
  readonly size: number;
  readonly trainedSize: number;
};

export type WeightMemory = {
  readonly parameters: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
  /** Sums of gradients, one array per worker. */
  readonly gradients: readonly Float32Array[];
  /**
   * For each worker, one byte per trained slot: 1 if the worker's array has a sum of gradients for the slot, 0 if the
   * sum is 0. With 0, the array may contain old values.
   */
  readonly summed: readonly Uint8Array[];
  /** Sum of the squares of the gradients in each worker's slice. */
  readonly squares: Float64Array;
};

/**
 * Offsets are multiples of this number of floats, which is one cache line, so that two workers never write to the same
 * line.
 */
const LINE = 16;

export const roundToLine = (count: number): number => Math.ceil(count / LINE) * LINE;

export function weightLayout(specs: ParameterSpecs, trainable: (name: string) => boolean = () => true): WeightLayout {
  const names = Object.keys(specs);
  const trainedNames = names.filter(trainable);
  let offset = 0;
  const slots = [...trainedNames, ...names.filter((name) => !trainable(name))].map((name): Slot => {
    const { shape } = specs[name]!;
    const size = shape.reduce((a, b) => a * b, 1);
    const slot = { name, shape, offset, size };
    offset += roundToLine(size);
    return slot;
  });
  const trained = slots.slice(0, trainedNames.length);
  return { slots, trained, size: offset, trainedSize: slots[trainedNames.length]?.offset ?? offset };
}

/**
 * Allocates memory that is filled with zeros and that threads can share. The operating system provides a page only when
 * it is written.
 */
export function newWeightMemory({ size, trained, trainedSize }: WeightLayout, workers = 1): WeightMemory {
  const floats = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(length * 4));
  const each = <T>(make: () => T): T[] => Array.from({ length: workers }, make);
  return {
    parameters: floats(size),
    firstMoments: floats(trainedSize),
    secondMoments: floats(trainedSize),
    gradients: each(() => floats(trainedSize)),
    summed: each(() => new Uint8Array(new SharedArrayBuffer(trained.length))),
    squares: new Float64Array(new SharedArrayBuffer(workers * 8)),
  };
}

/** Returns the arrays of the slots as views into `data`. A write to a view changes `data`. */
export function viewsOf(slots: readonly Slot[], data: Float32Array): Record<string, HostArray> {
  return Object.fromEntries(
    slots.map(({ name, shape, offset, size }) => [name, float32(shape, data.subarray(offset, offset + size))]),
  );
}

/** Returns copies of the arrays of the slots. */
export function copiesOf(slots: readonly Slot[], data: Float32Array): Record<string, HostArray> {
  return Object.fromEntries(
    slots.map(({ name, shape, offset, size }) => [
      name,
      float32(shape, Float32Array.from(data.subarray(offset, offset + size))),
    ]),
  );
}

/** Copies arrays into their slots. */
export function fill(slots: readonly Slot[], data: Float32Array, arrays: Readonly<Record<string, HostArray>>): void {
  for (const { name, offset } of slots) data.set(arrays[name]!.data, offset);
}

/** Adds the other workers' gradients for a part of a slot to the first worker's array. */
export function sumGradients(
  { gradients, summed }: WeightMemory,
  { index, from, to }: { readonly index: number; readonly from: number; readonly to: number },
): void {
  const sum = gradients[0]!;
  if (summed[0]![index] === 0) sum.fill(0, from, to);
  for (let worker = 1; worker < gradients.length; worker++) {
    if (summed[worker]![index] === 0) continue;
    const other = gradients[worker]!;
    for (let i = from; i < to; i++) sum[i]! += other[i]!;
  }
}

/** The name of a parameter's gradient in programs and saved states. */
export const gradientName = (name: string): string => `gradient.${name}`;

/**
 * Returns the groups of saved arrays. Each group has its slots, its flat array and a function that names its arrays.
 */
function groupsOf(
  { slots, trained }: WeightLayout,
  { parameters, firstMoments, secondMoments, gradients }: WeightMemory,
): readonly {
  readonly slots: readonly Slot[];
  readonly data: Float32Array;
  readonly named: (name: string) => string;
}[] {
  return [
    { slots, data: parameters, named: (name) => name },
    { slots: trained, data: firstMoments, named: (name) => momentNames(name)[0] },
    { slots: trained, data: secondMoments, named: (name) => momentNames(name)[1] },
    { slots: trained, data: gradients[0]!, named: gradientName },
  ];
}

/**
 * Returns copies of parameters, moments and sums of gradients. First adds all workers' sums to the first worker's
 * array, so that this training continues in the same way, bit for bit, as a training that resumes from the copies.
 */
export function stateArrays(layout: WeightLayout, memory: WeightMemory): Record<string, HostArray> {
  for (const [index, { offset, size }] of layout.trained.entries()) {
    sumGradients(memory, { index, from: offset, to: offset + size });
  }
  onlyFirstSummed(memory);
  const renamed = groupsOf(layout, memory).flatMap(({ slots, data, named }) =>
    Object.entries(copiesOf(slots, data)).map(([name, array]): [string, HostArray] => [named(name), array]),
  );
  return Object.fromEntries(renamed);
}

/**
 * Writes saved arrays into the memory. If an array is missing or has another type or shape, throws `invalid-input` and
 * writes nothing.
 */
export function restoreArrays(
  layout: WeightLayout,
  memory: WeightMemory,
  arrays: Readonly<Record<string, HostArray>>,
): void {
  const groups = groupsOf(layout, memory);
  for (const { slots, named } of groups) {
    for (const { name, shape } of slots) {
      const saved = arrays[named(name)];
      if (saved?.dtype === 'float32' && saved.shape.join() === shape.join()) continue;
      throw invalidInput(
        `The training state's "${named(name)}" is ${saved === undefined ? 'missing' : `${saved.dtype}[${saved.shape.join(', ')}]`}; the model needs float32[${shape.join(', ')}].`,
        'Use the same configuration and the same frozen parameters as in the run that saved the state.',
      );
    }
  }
  for (const { slots, data, named } of groups) {
    for (const { name, offset } of slots) data.set(arrays[named(name)]!.data, offset);
  }
  onlyFirstSummed(memory);
}

function onlyFirstSummed({ summed }: WeightMemory): void {
  for (const [worker, flags] of summed.entries()) flags.fill(worker === 0 ? 1 : 0);
}
