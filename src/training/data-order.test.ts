import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataOrder } from './data-order.ts';

describe('dataOrder', () => {
  it('draws every example once per epoch, for any sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.integer(), (a, b, seed) => {
        const [count, batchSize] = [Math.max(a, b), Math.min(a, b)];
        const order = dataOrder({ count, batchSize, seed });
        const drawn = Array.from({ length: 3 * count }, (_, step) => order.batch(step)).flat();
        for (let epoch = 0; epoch < 3; epoch++) {
          const seen = drawn.slice(epoch * count, (epoch + 1) * count);
          expect(new Set(seen).size).toBe(count);
        }
      }),
    );
  });

  it('gives a step the same batch, whatever the order of the calls', () => {
    const options = { count: 23, batchSize: 5, seed: 3 };
    const inTurn = dataOrder(options);
    const batches = Array.from({ length: 30 }, (_, step) => inTurn.batch(step));
    for (const step of [29, 0, 17, 4]) expect(dataOrder(options).batch(step)).toEqual(batches[step]);
  });

  it('rejects a batch larger than the data', () => {
    expect(() => dataOrder({ count: 3, batchSize: 4, seed: 1 })).toThrow('the number of examples (3)');
  });
});
