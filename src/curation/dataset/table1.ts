/** Counts the statistics of the paper's Table 1, one row at a time. */
import { SCENES } from '../observe/photo.ts';
import type { Scene } from '../observe/photo.ts';

export type Table1Row = {
  readonly samples: number;
  readonly countries: number;
  readonly cities: number;
  /** Number of rows for each scene. Rows whose scene is unknown are not counted. */
  readonly scenes: Readonly<Record<Scene, number>>;
  /** Number of rows with a known scene. */
  readonly withScene: number;
};

export type Table1Counter = {
  add(row: { country: string; city: string; scene?: string }): void;
  row(): Table1Row;
};

export function createTable1Counter(): Table1Counter {
  const countries = new Set<string>();
  const cities = new Set<string>();
  const scenes = { indoor: 0, natural: 0, urban: 0 };
  let samples = 0;
  return {
    add: ({ country, city, scene }) => {
      samples += 1;
      if (country !== '') countries.add(country);
      // Cities with the same name in different countries are different cities.
      if (city !== '') cities.add(`${city}\n${country}`);
      const known = SCENES.find((name) => name === scene);
      if (known !== undefined) scenes[known] += 1;
    },
    row: () => ({
      samples,
      countries: countries.size,
      cities: cities.size,
      scenes: { ...scenes },
      withScene: scenes.indoor + scenes.natural + scenes.urban,
    }),
  };
}
