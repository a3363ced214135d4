import { describe, expect, it } from 'vitest';
import { float32 } from '../../tensor/index.ts';
import { optimizerStep } from './optimizer-step.ts';
import { fill, newWeightMemory, stateArrays, weightLayout, type WeightMemory } from './weight-memory.ts';

const zeros = { kind: 'constant', value: 0 } as const;
const specs = {
  matrix: { shape: [5, 7], initial: zeros },
  vector: { shape: [3], initial: zeros },
  frozen: { shape: [4], initial: zeros },
};
const layout = weightLayout(specs, (name) => name !== 'frozen');
const options = { maxGradientNorm: 0.5, weightDecay: 0.1 };

const wave = (length: number, phase: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7 + phase));

/** Makes the memory for a number of workers. The total gradient is the same for every number of workers. */
function memoryWith(workers: number): WeightMemory {
  const memory = newWeightMemory(layout, workers);
  fill(layout.slots, memory.parameters, {
    matrix: float32([5, 7], wave(35, 1)),
    vector: float32([3], wave(3, 2)),
    frozen: float32([4], wave(4, 3)),
  });
  // The optimizer step must ignore these values, because `summed` is 0 for them.
  for (const sums of memory.gradients) sums.fill(9);
  const last = workers - 1;
  for (const [index, { offset, size }] of layout.trained.entries()) {
    memory.gradients[index === 0 ? last : 0]!.set(wave(size, 4 + index), offset);
    memory.summed[index === 0 ? last : 0]![index] = 1;
  }
  return memory;
}

/**
 * Runs the optimizer step of all workers in one thread. When a worker waits for the second time, the next worker
 * starts. All workers have then added their squares before any worker computes the norm.
 */
function stepOf(memory: WeightMemory, step: number): number[] {
  const workers = memory.gradients.length;
  const norms: number[] = [];
  const run = (worker: number): void => {
    let waits = 0;
    const waitForAll = (): void => {
      waits += 1;
      if (waits === 2 && worker + 1 < workers) run(worker + 1);
    };
    norms.unshift(optimizerStep(layout, memory, options, { learningRate: 0.1, step, worker, waitForAll }));
  };
  run(0);
  return norms;
}

describe('optimizerStep', () => {
  it.each([1, 2, 3])('with %d workers gives the weights of one worker, and every worker the same norm', (workers) => {
    const [alone, together] = [memoryWith(1), memoryWith(workers)];
    const [[norm], norms] = [stepOf(alone, 1), stepOf(together, 1)];
    for (const each of norms) expect(each).toBeCloseTo(norm!, 6);
    expect(norm).toBeGreaterThan(options.maxGradientNorm);
    for (const [i, value] of together.parameters.entries()) expect(value).toBeCloseTo(alone.parameters[i]!, 6);
  });

  it('clears the sums, whatever the arrays hold', () => {
    const memory = memoryWith(2);
    stepOf(memory, 1);
    const state = stateArrays(layout, memory);
    for (const name of ['matrix', 'vector']) expect(new Set(state[`gradient.${name}`]!.data)).toEqual(new Set([0]));
  });

  it('does not change frozen parameters, and decays matrices only', () => {
    const memory = memoryWith(1);
    memory.summed[0]!.fill(0);
    const before = stateArrays(layout, memory);
    memory.summed[0]!.fill(0);
    stepOf(memory, 1);
    const after = stateArrays(layout, memory);
    expect(after['frozen']).toEqual(before['frozen']);
    expect(after['vector']).toEqual(before['vector']);
    for (const [i, value] of after['matrix']!.data.entries()) {
      expect(value).toBeCloseTo(before['matrix']!.data[i]! * (1 - 0.1 * 0.1), 6);
    }
  });
});
