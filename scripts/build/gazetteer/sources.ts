/** Paths of the data packages, and the row type that the readers produce. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Coordinate } from '../../../src/core/coordinate.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const installed = (...parts: string[]): string => join(root, 'node_modules', ...parts);
export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
export const versionOf = (name: string): string =>
  (readJson(installed(name, 'package.json')) as { version: string }).version;

/** A populated place or a region before it is encoded. */
export type GeonamesRow = {
  readonly id: number;
  readonly name: string;
  alternates: readonly string[];
  latitude: number;
  longitude: number;
  population: number;
  readonly country: string;
  readonly feature: string;
  /** Region codes, such as 'IT.16' in admin1 and 'IT.16.FI' in admin2; empty if the source lacks them. */
  admin1: string;
  admin2: string;
  /** Codes of the third and fourth level, without the codes of higher levels. Only the older export has them. */
  readonly admin3?: string;
  readonly admin4?: string;
  /** Id of the city that this place is part of, if our own facts name one. */
  readonly partOf?: number;
};

export const pointOf = ({ latitude, longitude }: Pick<GeonamesRow, 'latitude' | 'longitude'>): Coordinate => ({
  latitudeDegrees: latitude,
  longitudeDegrees: longitude,
});
