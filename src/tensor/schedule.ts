/** A learning-rate schedule: a pure function from the step to the learning rate. The first step is 0. */
export type Schedule = (step: number) => number;

export const constantRate =
  (rate: number): Schedule =>
  () =>
    rate;

export type WarmupOptions = {
  readonly peak: number;
  /** Number of steps over which the rate rises linearly. The first step uses peak / warmupSteps. */
  readonly warmupSteps: number;
  readonly totalSteps: number;
  /** Learning rate at and after step `totalSteps`. */
  readonly end?: number;
};

function warmup(
  { peak, warmupSteps, totalSteps, end = 0 }: WarmupOptions,
  fall: (progress: number) => number,
): Schedule {
  return (step) => {
    if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
    const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - 1 - warmupSteps));
    return end + (peak - end) * fall(progress);
  };
}

/** Rises linearly to the peak, then falls along half a cosine to `end`. */
export const warmupCosine = (options: WarmupOptions): Schedule =>
  warmup(options, (progress) => (1 + Math.cos(Math.PI * progress)) / 2);

/** Rises linearly to the peak, then falls linearly to `end`. */
export const warmupLinear = (options: WarmupOptions): Schedule => warmup(options, (progress) => 1 - progress);
