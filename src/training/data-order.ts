/**
 * Chooses the examples of each step. The choice is a pure function of seed and step number, so a resumed run needs no
 * saved order. Each epoch uses every example once.
 */
import { random, shuffled } from '../core/random.ts';

export type DataOrder = { batch(step: number): number[]; readonly stepsPerEpoch: number };

/**
 * Makes batches of `batchSize` example indices from 0 to `count` - 1. If the last batch of an epoch is incomplete, the
 * first examples of the next epoch fill it. Throws a RangeError if a batch is larger than the number of examples.
 */
export function dataOrder({ count, batchSize, seed }: { count: number; batchSize: number; seed: number }): DataOrder {
  if (count < batchSize) throw new RangeError(`Batch size ${batchSize} exceeds the number of examples (${count}).`);
  const epochs = new Map<number, number[]>();
  const orderOf = (epoch: number): number[] => {
    const known = epochs.get(epoch);
    if (known !== undefined) return known;
    const order = shuffled(
      Array.from({ length: count }, (_, i) => i),
      random(seed + epoch * 7919),
    );
    // A batch covers at most two consecutive epochs, so older epochs' orders are no longer needed.
    for (const old of epochs.keys()) if (old < epoch - 1) epochs.delete(old);
    epochs.set(epoch, order);
    return order;
  };
  return {
    stepsPerEpoch: count / batchSize,
    batch: (step) =>
      Array.from({ length: batchSize }, (_, i) => {
        const position = step * batchSize + i;
        return orderOf(Math.floor(position / count))[position % count]!;
      }),
  };
}
