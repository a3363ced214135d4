/**
 * Measures what a method gains if it declines photos. Only the photos that the judge finds most localizable are
 * answered; the risk is the share of wrong answers (more than 25 km away) among them. The curve and the area under it
 * follow Geifman and El-Yaniv (2017). For comparison, the area is also computed for the best possible order of the
 * photos and for a random order.
 */
import { mean } from '../core/statistics/index.ts';
import type { PredictionLine, RiskCoverage } from './results.ts';

const THRESHOLD_KM = 25;
const POINTS = 20;

/** Returns the mean curve over all runs, or undefined if any answer lacks a localizability score. */
export function riskCoverage(runs: readonly (readonly PredictionLine[])[]): RiskCoverage | undefined {
  if (runs.flat().some(({ localizability }) => localizability === undefined)) return undefined;
  const curves = runs.map((lines) => {
    const sure = lines.toSorted((a, b) => b.localizability! - a.localizability! || (a.id < b.id ? -1 : 1));
    return risks(sure.map(isMiss));
  });
  const oracles = runs.map((lines) => risks(lines.map(isMiss).toSorted((a, b) => a - b)));
  const n = runs[0]!.length;
  const coverages = Array.from({ length: POINTS }, (_, i) => (i + 1) / POINTS);
  return {
    thresholdKm: THRESHOLD_KM,
    confidence: "the judge's P(yes) for photo and reasoning",
    points: coverages.map((coverage) => ({
      coverage,
      risk: mean(curves.map((curve) => curve[Math.max(1, Math.round(coverage * n)) - 1]!))!,
    })),
    area: mean(curves.map((curve) => mean(curve)!))!,
    areaOfChance: mean(curves.map((curve) => curve.at(-1)!))!,
    areaOfOracle: mean(oracles.map((oracle) => mean(oracle)!))!,
  };
}

const isMiss = ({ distanceKm }: PredictionLine): number =>
  Number(distanceKm === undefined || distanceKm > THRESHOLD_KM);

/** Returns the risks by coverage. Element k is the share of misses among the first k + 1 elements. */
function risks(misses: readonly number[]): number[] {
  let sum = 0;
  return misses.map((miss, k) => (sum += miss) / (k + 1));
}
