/** Number formats of the page. */
import type { Interval } from '../../core/statistics/index.ts';

/** Formats a share in percent: "41.3" for 0.413. */
export const points = (share: number): string => (100 * share).toFixed(1);

/** Formats a share in percent with its 95 % interval: "41.3 [39.0, 43.6]". */
export function pointsWithin({ value, low, high }: { readonly value: number } & Partial<Interval>): string {
  return low === undefined || high === undefined
    ? points(value)
    : `${points(value)} <span class="unit">${points(low)} to ${points(high)}</span>`;
}

/** Formats a number with its sign: "+9.2" or "−0.4". The minus is the character U+2212. */
export function signed(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
}

export function pValue(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

/** Formats a duration: "1.2 s" or "340 ms". */
export function milliseconds(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;
}
