/**
 * Finds regions whose name usually means their city, such as Bangkok and Stockholm County. The city has the same name
 * as the region, and most people of the region live in the city.
 */
import { fold } from '../../../src/gazetteer/fold.ts';
import type { GeonamesRow } from './sources.ts';

type Parts = { readonly places: number; readonly city: Uint32Array };

/** Returns pairs of row indices, each a region and its city. `city` has 1 plus the index of each row's city. */
export function cityRegions(rows: readonly GeonamesRow[], { places, city }: Parts): [region: number, city: number][] {
  const largest = new Map<string, number>();
  const outside = new Map<string, number>();
  for (const [i, { id, population, ...place }] of rows.slice(0, places).entries()) {
    for (const code of codesOf(place)) {
      const before = largest.get(code);
      if (id !== 0 && (before === undefined || rows[before]!.population < population)) largest.set(code, i);
    }
  }
  for (const [i, { population, ...place }] of rows.slice(0, places).entries()) {
    for (const code of codesOf(place)) {
      const main = largest.get(code);
      const isInside = i === main || city[i]! - 1 === main;
      if (!isInside) outside.set(code, (outside.get(code) ?? 0) + population);
    }
  }
  return rows.slice(places).flatMap((region, i): [number, number][] => {
    const code = { ADM1: region.admin1, ADM2: region.admin2 }[region.feature] ?? '';
    const main = largest.get(code);
    if (main === undefined || rows[main]!.population < (outside.get(code) ?? 0)) return [];
    return shareName(region, rows[main]!) ? [[places + i, main]] : [];
  });
}

const codesOf = ({ admin1, admin2 }: Pick<GeonamesRow, 'admin1' | 'admin2'>): Set<string> => new Set([admin1, admin2]);

function shareName(a: GeonamesRow, b: GeonamesRow): boolean {
  const names = new Set([a.name, ...a.alternates].map(fold));
  return [b.name, ...b.alternates].some((name) => names.has(fold(name)));
}
