/**
 * Platt scaling: P(yes) = 1 / (1 + exp(−(slope · log-odds + intercept))). Slope and intercept are fitted to held-out
 * labels.
 */

export type Calibration = { readonly slope: number; readonly intercept: number };

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

export const calibrated = ({ slope, intercept }: Calibration, logit: number): number =>
  logistic(slope * logit + intercept);

const NEWTON_STEPS = 50;
/** Strength of the regularization, which keeps the fit finite if the labels are perfectly separable. */
const RIDGE = 1e-3;

/**
 * Fits slope and intercept: minimizes the cross-entropy by Newton's method, with Platt's smoothed targets. Throws a
 * RangeError if all labels are equal.
 */
export function plattCalibration(logits: readonly number[], labels: readonly boolean[]): Calibration {
  const yes = labels.filter(Boolean).length;
  const no = labels.length - yes;
  if (yes === 0 || no === 0) throw new RangeError(`Calibration needs labels of both kinds: ${yes} yes, ${no} no.`);
  const targets = labels.map((label) => (label ? (yes + 1) / (yes + 2) : 1 / (no + 2)));
  const lossAt = (slope: number, intercept: number): number =>
    logits.reduce(
      (sum, logit, i) => sum + softplus(slope * logit + intercept) - targets[i]! * (slope * logit + intercept),
      (RIDGE / 2) * (slope - 1) ** 2,
    );
  let [slope, intercept] = [1, 0];
  let loss = lossAt(slope, intercept);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const [ds, di] = newtonStep({ slope, intercept }, logits, targets);
    // Far from the optimum, a full Newton step can raise the loss, so the step is halved until the loss falls.
    let share = 1;
    while (share > 1e-6 && !(lossAt(slope - share * ds, intercept - share * di) < loss)) share /= 2;
    if (share <= 1e-6) break;
    slope -= share * ds;
    intercept -= share * di;
    loss = lossAt(slope, intercept);
  }
  return { slope, intercept };
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function newtonStep(
  { slope, intercept }: Calibration,
  logits: readonly number[],
  targets: readonly number[],
): [slope: number, intercept: number] {
  let [gs, gi, hss, hsi, hii] = [RIDGE * (slope - 1), 0, RIDGE, 0, RIDGE];
  for (const [i, logit] of logits.entries()) {
    const p = logistic(slope * logit + intercept);
    const [error, weight] = [p - targets[i]!, p * (1 - p)];
    gs += error * logit;
    gi += error;
    hss += weight * logit * logit;
    hsi += weight * logit;
    hii += weight;
  }
  const determinant = hss * hii - hsi * hsi;
  return [(hii * gs - hsi * gi) / determinant, (hss * gi - hsi * gs) / determinant];
}
