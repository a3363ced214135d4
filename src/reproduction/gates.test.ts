import { describe, expect, it } from 'vitest';
import { proportion } from '../core/statistics/index.ts';
import { gateLines, gatesOf } from './gates.ts';
import type { ProbeReport } from './probe/probe.ts';

const share = (percent: number) => proportion(percent, 100);
const report: ProbeReport = {
  n: 100,
  samples: 8,
  ideal: share(60),
  greedy: share(20),
  greedyCountry: share(50),
  passAt1: 0.15,
  passAtAll: share(55),
  majority: share(24),
  toldCountry: share(93),
  toldCity: share(80),
  toldEndless: share(2),
  followedCues: share(79),
  cueRecall: share(60),
  landmarkRecall: share(71),
  invented: share(8),
};
const limits = {
  toldCountry: 0.9,
  followedCues: 0.8,
  cueRecall: 0.6,
  landmarkRecall: 0.7,
  majorityOverGreedy: 0.03,
  idealOverGreedy: 0.1,
};

describe('gatesOf', () => {
  it('passes the gates that reach their limit, and fails the others', () => {
    const failed = gatesOf(report, limits).filter(({ passed }) => !passed);
    expect(failed.map(({ name }) => name)).toEqual(['followedCues']);
    expect(gateLines(failed)).toEqual(['failed  follows another photo’s cues: 79.0 % (at least 80.0 %)']);
  });

  it('measures the majority and the ideal observer against the greedy answer', () => {
    const better = { ...report, greedy: share(58) };
    const failed = gatesOf(better, limits).filter(({ passed }) => !passed);
    expect(failed.map(({ name }) => name)).toEqual(['followedCues', 'majorityOverGreedy', 'idealOverGreedy']);
  });

  it('does not pass a gate that has no photos', () => {
    expect(() => gatesOf({ ...report, landmarkRecall: undefined }, limits)).toThrow(RangeError);
  });
});
