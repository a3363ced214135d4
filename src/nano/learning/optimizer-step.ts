/**
 * One AdamW step on the weights in a WeightMemory. Each worker updates its own slice of the weights. Gradients and
 * squares are added in the order of the workers, so the result depends on the number of workers, but not on their
 * speed.
 */
import { adamWInPlace, type AdamWOptions, sumOfSquares } from '../../tensor/index.ts';
import { roundToLine, type Slot, sumGradients, type WeightLayout, type WeightMemory } from './weight-memory.ts';

export type OptimizerOptions = Omit<AdamWOptions, 'decays'> & {
  /** Clips the gradient to this global norm. By default, gradients are not clipped. */
  readonly maxGradientNorm?: number;
};

export type OptimizerStep = {
  readonly learningRate: number;
  /** Number of this optimizer step. The first step is 1. */
  readonly step: number;
  /** Index of the worker. With several workers, `waitForAll` must block until all workers have called it. */
  readonly worker?: number;
  readonly waitForAll?: () => void;
};

/** A part of a slot, from index `from` up to, but not including, `to` of the flat arrays. */
type Part = { readonly slot: Slot; readonly index: number; readonly from: number; readonly to: number };

/** PyTorch's `clip_grad_norm_` adds this number to the norm. */
const CLIP_EPSILON = 1e-6;

/**
 * Updates the worker's slice with the summed gradients, and clears the worker's own gradients. Every worker must call
 * this function. Returns the global norm of the gradients before clipping.
 */
export function optimizerStep(
  layout: WeightLayout,
  memory: WeightMemory,
  { maxGradientNorm, weightDecay = 0.01, ...adam }: OptimizerOptions,
  { learningRate, step, worker = 0, waitForAll = () => {} }: OptimizerStep,
): number {
  // Waits until every worker has added its gradients.
  waitForAll();
  const parts = sliceOf(layout, { worker, workers: memory.gradients.length });
  let squares = 0;
  for (const part of parts) {
    sumGradients(memory, part);
    squares += sumOfSquares(memory.gradients[0]!, part);
  }
  memory.squares[worker] = squares;
  waitForAll();
  const norm = Math.sqrt(memory.squares.reduce((sum, value) => sum + value, 0));
  const gradientScale = maxGradientNorm === undefined ? 1 : Math.min(1, maxGradientNorm / (norm + CLIP_EPSILON));
  const { parameters, firstMoments, secondMoments, gradients } = memory;
  const arrays = { parameters, firstMoments, secondMoments, gradients: gradients[0]! };
  for (const part of parts) {
    // Weight decay applies to matrices, but not to vectors (scales and biases).
    const decay = part.slot.shape.length > 1 ? weightDecay : 0;
    adamWInPlace(arrays, part, { ...adam, learningRate, step, gradientScale, weightDecay: decay });
  }
  memory.summed[worker]!.fill(0);
  // Waits until every worker has updated its slice, because the next computation reads all weights.
  waitForAll();
  return norm;
}

/** Returns the parts of the slots in a worker's slice. */
function sliceOf(
  { trained, trainedSize }: WeightLayout,
  { worker, workers }: { readonly worker: number; readonly workers: number },
): Part[] {
  const start = roundToLine((trainedSize * worker) / workers);
  const end = roundToLine((trainedSize * (worker + 1)) / workers);
  return trained.flatMap((slot, index) => {
    const from = Math.max(start, slot.offset);
    const to = Math.min(end, slot.offset + slot.size);
    return from < to ? [{ slot, index, from, to }] : [];
  });
}
