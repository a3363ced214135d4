/** Where the data packages are installed, and the rows that are made from them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Coordinate } from '../../../src/core/coordinate.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const installed = (...parts: string[]): string => join(root, 'node_modules', ...parts);
export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
export const versionOf = (name: string): string =>
  (readJson(installed(name, 'package.json')) as { version: string }).version;

/** A populated place or a region on its way into the file. */
export type GeonamesRow = {
  readonly id: number;
  readonly name: string;
  alternates: readonly string[];
  latitude: number;
  longitude: number;
  population: number;
  readonly country: string;
  readonly feature: string;
  /** Codes, 'IT.16' and 'IT.16.FI'; empty where the source has none. */
  admin1: string;
  admin2: string;
  /** Codes below, without the ones above; only the older export has them. */
  readonly admin3?: string;
  readonly admin4?: string;
  /** Id of the city that our own facts name. */
  readonly partOf?: number;
};

export const pointOf = ({ latitude, longitude }: Pick<GeonamesRow, 'latitude' | 'longitude'>): Coordinate => ({
  latitudeDegrees: latitude,
  longitudeDegrees: longitude,
});
