/**
 * Which examples a step sees. A pure function of seed and step: a resumed run needs no memory of what came before, and
 * every example comes once an epoch.
 */
import { random, shuffled } from '../core/random.ts';

export type DataOrder = { batch(step: number): number[]; readonly stepsPerEpoch: number };

/**
 * Batches of `batchSize` indices below `count`. An epoch's last examples that fill no batch begin the next epoch's first.
 * Throws a RangeError when there are fewer examples than a batch holds.
 */
export function dataOrder({ count, batchSize, seed }: { count: number; batchSize: number; seed: number }): DataOrder {
  if (count < batchSize) throw new RangeError(`A batch of ${batchSize} needs as many examples; there are ${count}.`);
  const epochs = new Map<number, number[]>();
  const orderOf = (epoch: number): number[] => {
    const known = epochs.get(epoch);
    if (known !== undefined) return known;
    const order = shuffled(
      Array.from({ length: count }, (_, i) => i),
      random(seed + epoch * 7919),
    );
    // A batch spans two epochs at most; older orders are not needed again.
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
