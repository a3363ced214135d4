/**
 * Weights during training. A store holds parameters, optimizer moments and accumulated gradients; compiled programs
 * read and write it. The caller defines the programs. Each program has a key and is compiled on its first run.
 */
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import {
  accumulate,
  compile,
  float32,
  type HostArray,
  initialMoments,
  type Program,
  type ProgramDefinition,
  Store,
  type Tensor,
  zeros,
} from '../../tensor/index.ts';
import { newParameters, type Parameters, type ParameterSpecs } from '../model/parameters.ts';
import { gradientsOf, type OptimizerOptions, optimizerGraph, type Trainable } from './graphs.ts';

export type TrainedWeightsOptions = {
  readonly specs: ParameterSpecs;
  readonly parameters: Readonly<Record<string, HostArray>>;
  readonly optimizer?: OptimizerOptions;
  /** Selects the parameters to train by name; all other parameters are frozen. The default is all. */
  readonly trainable?: Trainable;
  readonly threads?: number;
};

/**
 * Complete state to resume training bit for bit: parameters, moments, accumulated gradients, number of steps so far.
 */
export type TrainerState = { readonly step: number; readonly arrays: Readonly<Record<string, HostArray>> };

const accumulatorName = (name: string): string => `gradient.${name}`;

export class TrainedWeights {
  readonly #options: TrainedWeightsOptions;
  readonly #trained: ParameterSpecs;
  readonly #store: Store;
  readonly #programs = new Map<string, Promise<Program>>();
  #step = 0;

  constructor(options: TrainedWeightsOptions) {
    const { specs, parameters, trainable = () => true } = options;
    this.#options = options;
    checkParameters(specs, parameters);
    this.#trained = Object.fromEntries(Object.entries(specs).filter(([name]) => trainable(name)));
    const names = Object.keys(this.#trained);
    this.#store = new Store({
      ...parameters,
      ...initialMoments(Object.fromEntries(names.map((name) => [name, parameters[name]!]))),
      ...Object.fromEntries(names.map((name) => [accumulatorName(name), zeros('float32', parameters[name]!.shape)])),
    });
  }

  /** Number of optimizer steps so far. */
  get step(): number {
    return this.#step;
  }

  /** Returns the current weights. Later steps create new arrays and do not change the returned ones. */
  parameters(): Record<string, HostArray> {
    return this.#store.snapshot(Object.keys(this.#options.specs));
  }

  /** Runs a program on the weights. Calls `define` only on the first use of the key. */
  async run(
    key: string,
    define: () => ProgramDefinition,
    feeds: Readonly<Record<string, HostArray>>,
  ): Promise<Record<string, HostArray>> {
    const { threads } = this.#options;
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = compile(define(), defined({ threads }));
      this.#programs.set(key, program);
    }
    return (await program).run(feeds, this.#store);
  }

  /**
   * Takes one AdamW step on a loss. Every call must define the same loss, because its program is compiled once. Returns
   * the loss before the step and the gradient norm before clipping.
   */
  async learn(
    lossOf: (parameters: Parameters) => Tensor,
    feeds: Readonly<Record<string, HostArray>>,
    step: { readonly learningRate: number },
  ): Promise<{ readonly loss: number; readonly gradientNorm: number }> {
    const define = (): ProgramDefinition => {
      const parameters = newParameters();
      const loss = lossOf(parameters);
      return { outputs: { loss }, updates: accumulate(gradientsOf(loss, parameters, this.#options.trainable)) };
    };
    const { loss } = await this.run('loss', define, feeds);
    return { loss: loss!.data[0]!, ...(await this.optimStep(step)) };
  }

  /** Takes one AdamW step with the accumulated gradients. Returns their global norm before clipping. */
  async optimStep({ learningRate }: { readonly learningRate: number }): Promise<{ readonly gradientNorm: number }> {
    const define = (): ProgramDefinition => optimizerGraph(this.#trained, this.#options.optimizer ?? {});
    const feeds = { learningRate: float32([], [learningRate]), step: float32([], [this.#step + 1]) };
    const { gradientNorm } = await this.run('optimizer', define, feeds);
    this.#step += 1;
    return { gradientNorm: gradientNorm!.data[0]! };
  }

  state(): TrainerState {
    return { step: this.#step, arrays: this.#store.snapshot() };
  }

  /** Replaces the current state. Throws `invalid-input` if an array is missing or has another type or shape. */
  restore({ step, arrays }: TrainerState): void {
    for (const name of this.#store.names()) {
      const now = this.#store.get(name);
      const saved = arrays[name];
      if (saved?.dtype !== now.dtype || saved.shape.join() !== now.shape.join()) {
        throw invalidInput(
          `The training state's "${name}" is ${saved === undefined ? 'missing' : `${saved.dtype}[${saved.shape.join(', ')}]`}; the model needs ${now.dtype}[${now.shape.join(', ')}].`,
          'Use the same configuration and the same frozen parameters as in the run that saved the state.',
        );
      }
    }
    for (const name of this.#store.names()) this.#store.set(name, arrays[name]!);
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
}

const isFiniteArray = (data: HostArray['data']): boolean => {
  for (const value of data) if (!Number.isFinite(value)) return false;
  return true;
};

/** Throws `invalid-input` unless the checkpoint has exactly the arrays of the model, with only finite numbers. */
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
