/** Isotonic regression: the best rising step function through points, by pooling adjacent violators. */

export type IsotonicStep = {
  /** Mean of the pooled x values. */
  readonly x: number;
  /** Mean of the pooled y values. */
  readonly y: number;
  readonly n: number;
};

/**
 * Fits a rising function by least squares (Ayer and others 1955). Points with equal `x` are pooled first. Each step
 * rests on at least `minPoints` points, if there are as many. Returns the steps by rising `x`; empty without points.
 */
export function isotonicSteps(
  points: readonly { readonly x: number; readonly y: number }[],
  { minPoints = 1 }: { readonly minPoints?: number } = {},
): IsotonicStep[] {
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const ties = [...Map.groupBy(sorted, ({ x }) => x).values()];
  const steps: IsotonicStep[] = [];
  for (const tie of ties) {
    steps.push({ x: tie[0]!.x, y: tie.reduce((sum, { y }) => sum + y, 0) / tie.length, n: tie.length });
    while (steps.length > 1 && (steps.at(-2)!.y >= steps.at(-1)!.y || steps.at(-2)!.n < minPoints)) pool(steps);
  }
  if (steps.length > 1 && steps.at(-1)!.n < minPoints) pool(steps);
  return steps;
}

/** Replaces the last two steps by their weighted mean. */
function pool(steps: IsotonicStep[]): void {
  const [a, b] = steps.splice(-2) as [IsotonicStep, IsotonicStep];
  const n = a.n + b.n;
  steps.push({ x: (a.x * a.n + b.x * b.n) / n, y: (a.y * a.n + b.y * b.n) / n, n });
}

/** Reads the function between its steps by straight lines, and beyond the first and last step as constant. */
export function atIsotonic(steps: readonly Pick<IsotonicStep, 'x' | 'y'>[], x: number): number | undefined {
  const right = steps.findIndex((step) => step.x >= x);
  if (right <= 0) return (right === 0 ? steps[0] : steps.at(-1))?.y;
  const [a, b] = [steps[right - 1]!, steps[right]!];
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}
