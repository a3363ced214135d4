/** Computes the metrics of each group of photos: by scene, by true continent and by true country. */
import { continentOf, countryName } from './continents.ts';
import { measure } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import type { MeasuredOutcome } from './outcome.ts';

export type Group = { readonly group: string; readonly metrics: Metrics };

/** Groups, largest first. A grouping is absent if the group of every row is unknown. */
export type Breakdown = Readonly<Partial<Record<'scene' | 'continent' | 'country', readonly Group[]>>>;

const UNKNOWN = 'unknown';

export function breakDown(outcomes: readonly MeasuredOutcome[]): Breakdown {
  const groupings = {
    scene: ({ scene }) => scene,
    continent: ({ countryCode }) => (countryCode === undefined ? undefined : continentOf(countryCode)),
    country: ({ countryCode }) => (countryCode === undefined ? undefined : countryName(countryCode)),
  } satisfies Record<keyof Breakdown, (measured: MeasuredOutcome) => string | undefined>;
  const result: { -readonly [Key in keyof Breakdown]: Breakdown[Key] } = {};
  for (const [name, keyOf] of Object.entries(groupings) as [
    keyof Breakdown,
    (o: MeasuredOutcome) => string | undefined,
  ][]) {
    const groups = Map.groupBy(outcomes, (measured) => keyOf(measured) ?? UNKNOWN);
    if (groups.size === 1 && groups.has(UNKNOWN)) continue;
    result[name] = [...groups]
      .map(([group, members]) => ({ group, metrics: measure(members, { intervalsByOwner: false })! }))
      .sort((a, b) => b.metrics.n - a.metrics.n || (a.group < b.group ? -1 : 1));
  }
  return result;
}
