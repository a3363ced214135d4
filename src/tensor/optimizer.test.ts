import { expect, it } from 'vitest';
import * as t from './index.ts';

// In the first step, m̂ = g and √v̂ = |g|, so the parameter changes by −lr · g / (|g| + ε). The change is lr / 2 for
// |g| = ε, and 3/4 lr for |g| = 3 ε.
it.each([
  [1e-8, -0.5],
  [3e-8, -0.75],
  [-1e-8, 0.5],
])('AdamW has ε = 1e-8 by default, so a gradient of %d moves a weight by %d of lr', async (gradient, expected) => {
  const updates = t.adamW({
    parameters: { w: t.input('w', [1]) },
    gradients: { w: t.input('g', [1]) },
    learningRate: t.input('learningRate', []),
    step: t.input('step', []),
  });
  await using program = await t.compile({ outputs: {}, updates }, { threads: 1 });
  const start = { w: t.float32([1], [0]) };
  const store = new t.Store({ ...start, ...t.initialMoments(start) });
  const feeds = { g: t.float32([1], [gradient]), learningRate: t.float32([], [1]), step: t.float32([], [1]) };
  await program.run(feeds, store);
  expect(store.get('w').data[0]).toBeCloseTo(expected, 4);
});
