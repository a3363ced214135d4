/** Paths of the data packages, and the row type that all readers return. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Coordinate } from '../../../src/core/coordinate.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const installed = (...parts: string[]): string => join(root, 'node_modules', ...parts);
export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
export const versionOf = (name: string): string =>
  (readJson(installed(name, 'package.json')) as { version: string }).version;

/** A populated place or a region, before it is encoded. */
export type GeonamesRow = {
  readonly id: number;
  readonly name: string;
  alternates: readonly string[];
  latitude: number;
  longitude: number;
  population: number;
  readonly country: string;
  readonly feature: string;
  /** Region codes, such as 'IT.16' in admin1 and 'IT.16.FI' in admin2. Empty if the source has none. */
  admin1: string;
  admin2: string;
  /** Codes of the third and fourth level, without the codes of the levels above. Only the older export has them. */
  readonly admin3?: string;
  readonly admin4?: string;
  /** Id of the city that this place is part of. Set only if our own tables name the city. */
  readonly partOf?: number;
};

export const pointOf = ({ latitude, longitude }: Pick<GeonamesRow, 'latitude' | 'longitude'>): Coordinate => ({
  latitudeDegrees: latitude,
  longitudeDegrees: longitude,
});
