/**
 * Weights during training, with their moments and summed gradients (weight-memory.ts). The caller defines the programs
 * that use the weights. Each program has a key, and is compiled when the key is first used.
 */
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import {
  compile,
  type HostArray,
  type Program,
  type ProgramDefinition,
  Store,
  type Tensor,
} from '../../tensor/index.ts';
import { newParameters, type Parameters, type ParameterSpecs } from '../model/parameters.ts';
import { gradientsOf, type LearningProgram, type Trainable } from './graphs.ts';
import { type OptimizerOptions, optimizerStep } from './optimizer-step.ts';
import {
  copiesOf,
  fill,
  gradientName,
  newWeightMemory,
  restoreArrays,
  stateArrays,
  viewsOf,
  weightLayout,
  type WeightLayout,
  type WeightMemory,
} from './weight-memory.ts';

export type TrainedWeightsOptions = LearningOptions & WeightSource & { readonly specs: ParameterSpecs };

/** Where the weights come from: initial values, or memory that several workers share. */
export type WeightSource =
  | { readonly parameters: Readonly<Record<string, HostArray>> }
  | {
      readonly shared: {
        readonly memory: WeightMemory;
        /** Index of this worker, which adds its gradients to its own sums and updates its own slice of the weights. */
        readonly worker: number;
        /** Blocks until all workers have called this function. */
        readonly waitForAll: () => void;
      };
    };

export type LearningOptions = {
  readonly optimizer?: OptimizerOptions;
  /** Selects the parameters to train by name. All other parameters are frozen. The default is all parameters. */
  readonly trainable?: Trainable;
  readonly threads?: number;
};

/**
 * The complete training state, from which training resumes bit for bit: parameters, moments, accumulated gradients and
 * step count.
 */
export type TrainerState = {
  readonly step: number;
  readonly arrays: Readonly<Record<string, HostArray>>;
  /**
   * Number of workers, on which the last bits of results depend; absent if the training cannot have several workers.
   */
  readonly workers?: number;
};

export class TrainedWeights {
  readonly #options: TrainedWeightsOptions;
  readonly #layout: WeightLayout;
  readonly #memory: WeightMemory;
  /** The parameters, as views into `#memory`. */
  readonly #store: Store;
  /** Sums of gradients, as views into `#memory`. */
  readonly #sums: Readonly<Record<string, HostArray>>;
  readonly #summed: Uint8Array;
  /**
   * Gradients of a batch, before they are added to the sums. Allocated only if there are several batches per optimizer
   * step.
   */
  #further: Readonly<Record<string, HostArray>> | undefined;
  readonly #programs = new Map<string, Promise<Program>>();
  #step = 0;

  constructor(options: TrainedWeightsOptions) {
    const { specs, trainable } = options;
    this.#options = options;
    this.#layout = weightLayout(specs, trainable);
    const { memory, worker } =
      'shared' in options ? options.shared : { memory: memoryOf(this.#layout, options), worker: 0 };
    this.#memory = memory;
    this.#store = new Store(viewsOf(this.#layout.slots, memory.parameters));
    this.#sums = viewsOf(this.#layout.trained, memory.gradients[worker]!);
    this.#summed = memory.summed[worker]!;
  }

  /** Number of optimizer steps so far. */
  get step(): number {
    return this.#step;
  }

  /** Returns copies of the current weights. */
  parameters(): Record<string, HostArray> {
    return copiesOf(this.#layout.slots, this.#memory.parameters);
  }

  /** Runs a program on the weights. Calls `define` only when `key` is new. */
  async run(
    key: string,
    define: () => ProgramDefinition,
    feeds: Readonly<Record<string, HostArray>>,
  ): Promise<Record<string, HostArray>> {
    return (await this.#program(key, define)).run(feeds, this.#store);
  }

  /**
   * Runs a program and adds its gradients to the sums. Calls `define` only when `key` is new. Returns the program's
   * outputs. If the runtime fails, the sums are unusable.
   */
  async accumulate(
    key: string,
    define: () => LearningProgram,
    feeds: Readonly<Record<string, HostArray>>,
  ): Promise<Record<string, HostArray>> {
    const program = await this.#program(key, () => {
      const { outputs, gradients } = define();
      const named = Object.entries(gradients).map(([name, gradient]): [string, Tensor] => [
        gradientName(name),
        gradient,
      ]);
      return { outputs: { ...outputs, ...Object.fromEntries(named) } };
    });
    const { trained } = this.#layout;
    const summed = this.#summed;
    const slots = [...trained.entries()].filter(([, { name }]) => program.outputs.includes(gradientName(name)));
    // If a parameter has no gradient since the last optimizer step, the runtime writes the new gradient directly into
    // the sums.
    const into = slots.map(([index, { name }]): [string, HostArray] => [
      gradientName(name),
      (summed[index] === 0 ? this.#sums : this.#furtherGradients())[name]!,
    ]);
    const outputs = await program.run(feeds, this.#store, Object.fromEntries(into));
    for (const [index, { name }] of slots) {
      if (summed[index] === 1) addTo(this.#sums[name]!, this.#furtherGradients()[name]!);
      summed[index] = 1;
    }
    return outputs;
  }

  /**
   * Takes one AdamW step on a loss. The loss is compiled on the first call, so every call must pass the same loss.
   * Returns the loss before the step and the gradient norm before clipping.
   */
  async learn(
    lossOf: (parameters: Parameters) => Tensor,
    feeds: Readonly<Record<string, HostArray>>,
    step: { readonly learningRate: number },
  ): Promise<{ readonly loss: number; readonly gradientNorm: number }> {
    const define = (): LearningProgram => {
      const parameters = newParameters();
      const loss = lossOf(parameters);
      return { outputs: { loss }, gradients: gradientsOf(loss, parameters, this.#options.trainable) };
    };
    const { loss } = await this.accumulate('loss', define, feeds);
    return { loss: loss!.data[0]!, ...this.optimStep(step) };
  }

  /**
   * Takes one AdamW step with the accumulated gradients. Workers that share memory must all call this method. `step` is
   * the number of the step; the default is the next number. Returns the gradients' global norm before clipping.
   */
  optimStep({ learningRate, step = this.#step + 1 }: { readonly learningRate: number; readonly step?: number }): {
    readonly gradientNorm: number;
  } {
    const options = this.#options;
    const { worker, waitForAll } = 'shared' in options ? options.shared : { worker: 0, waitForAll: () => {} };
    const call = { learningRate, step, worker, waitForAll };
    const gradientNorm = optimizerStep(this.#layout, this.#memory, options.optimizer ?? {}, call);
    this.#step = step;
    return { gradientNorm };
  }

  /** Returns copies of parameters, moments and sums of gradients, and the step count. */
  state(): TrainerState {
    return { step: this.#step, arrays: stateArrays(this.#layout, this.#memory) };
  }

  /** Replaces the current state. Throws `invalid-input` if an array is missing or has another type or shape. */
  restore({ step, arrays }: TrainerState): void {
    restoreArrays(this.#layout, this.#memory, arrays);
    this.#step = step;
  }

  async dispose(): Promise<void> {
    const programs = await Promise.all(this.#programs.values());
    this.#programs.clear();
    await Promise.all(programs.map((program) => program.dispose()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #program(key: string, define: () => ProgramDefinition): Promise<Program> {
    const { threads } = this.#options;
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = compile(define(), defined({ threads }));
      this.#programs.set(key, program);
    }
    return program;
  }

  #furtherGradients(): Readonly<Record<string, HostArray>> {
    const { trained, trainedSize } = this.#layout;
    return (this.#further ??= viewsOf(trained, new Float32Array(trainedSize)));
  }
}

/** Allocates memory for weights, with the given initial values. */
export function memoryOf(
  layout: WeightLayout,
  {
    specs,
    parameters,
    workers = 1,
  }: {
    readonly specs: ParameterSpecs;
    readonly parameters: Readonly<Record<string, HostArray>>;
    readonly workers?: number;
  },
): WeightMemory {
  checkParameters(specs, parameters);
  const memory = newWeightMemory(layout, workers);
  fill(layout.slots, memory.parameters, parameters);
  return memory;
}

function addTo({ data: sum }: HostArray, { data: values }: HostArray): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

const isFiniteArray = (data: HostArray['data']): boolean => {
  for (const value of data) if (!Number.isFinite(value)) return false;
  return true;
};

/**
 * Checks that the checkpoint has exactly the arrays of the model, with only finite numbers. Throws `invalid-input`
 * otherwise.
 */
export function checkParameters(specs: ParameterSpecs, parameters: Readonly<Record<string, HostArray>>): void {
  for (const [name, { shape }] of Object.entries(specs)) {
    const loaded = parameters[name];
    if (loaded?.dtype !== 'float32' || loaded.shape.join() !== shape.join()) {
      throw invalidInput(
        `The weights of "${name}" are ${loaded === undefined ? 'missing' : `${loaded.dtype}[${loaded.shape.join(', ')}]`}; the configuration needs float32[${shape.join(', ')}].`,
      );
    }
    if (!isFiniteArray(loaded.data)) {
      throw invalidInput(
        `The weights of "${name}" contain values that are not finite numbers.`,
        'If the file is damaged, restore it. If the training diverged, train again with a lower learning rate.',
      );
    }
  }
  const unknown = Object.keys(parameters).find((name) => specs[name] === undefined);
  if (unknown !== undefined) {
    throw invalidInput(
      `The weights contain "${unknown}", which the configuration does not define.`,
      'Use the weights and the configuration of one checkpoint.',
    );
  }
}
