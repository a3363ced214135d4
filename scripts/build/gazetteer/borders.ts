/** Country borders from country-coder: the rings around the area of every country and territory. */
import { borders, featuresContaining } from '@rapideditor/country-coder';

type Region = (typeof borders.features)[number];

/**
 * Returns the points of all rings, longitude first, in units of 1e-5 degrees. For each ring, also returns its end (an
 * index into the points) and the number of its country.
 */
export function readBorders(numberOf: ReadonlyMap<string, number>) {
  const points: number[] = [];
  const ends: number[] = [];
  const countries: number[] = [];
  for (const feature of borders.features) {
    const country = countryNumberOf(feature, numberOf);
    if (country === undefined || feature.geometry?.type !== 'MultiPolygon') continue;
    for (const ring of feature.geometry.coordinates.flat()) {
      for (const [longitude, latitude] of ring) points.push(Math.round(longitude! * 1e5), Math.round(latitude! * 1e5));
      ends.push(points.length / 2);
      countries.push(country);
    }
  }
  return {
    borderPoint: Int32Array.from(points),
    borderEnd: Uint32Array.from(ends),
    borderCountry: Uint8Array.from(countries),
  };
}

/**
 * Returns the country number of the nearest enclosing unit whose code GeoNames uses. Corsica, for example, has no code
 * of its own, and GeoNames does not use the codes of Ceuta and the Canary Islands.
 */
function countryNumberOf({ properties }: Region, numberOf: ReadonlyMap<string, number>): number | undefined {
  const units = [properties, ...featuresContaining(properties.id).map((unit) => unit.properties)];
  return units.map(({ iso1A2 = '' }) => numberOf.get(iso1A2)).find((number) => number !== undefined);
}
