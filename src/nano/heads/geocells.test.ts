import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Coordinate, coordinate } from '../../core/coordinate.ts';
import { distanceKm } from '../../core/distance.ts';
import { random } from '../../core/random.ts';
import { cellOf, geocellsDocument, makeGeocells, parseGeocells } from './geocells.ts';

/** Photos around towns: `count` within about 5 km of each. */
function around(towns: readonly Coordinate[], count: number, seed = 1): Coordinate[] {
  const generator = random(seed);
  return towns.flatMap(({ latitudeDegrees, longitudeDegrees }) =>
    Array.from({ length: count }, () =>
      coordinate(latitudeDegrees + generator.next() * 0.05, longitudeDegrees + generator.next() * 0.05),
    ),
  );
}

const towns = [coordinate(50, 14), coordinate(49, 16.6), coordinate(-17, 179.9), coordinate(35, 139)];
const rules = { minPhotos: 5, maxPhotos: 20, smallestKm: 25 };

describe('makeGeocells', () => {
  it('gives each town a cell when the limits allow it, and answers with the mean of its photos', () => {
    const photos = around(towns, 15);
    const made = makeGeocells(photos, rules);
    expect(made.cells.map((cell) => cell.photos)).toEqual([15, 15, 15, 15]);
    for (const [i, photo] of photos.entries()) {
      const { centre } = made.cells[cellOf(made, photo)]!;
      expect(distanceKm(centre, towns[Math.floor(i / 15)]!)).toBeLessThan(8);
    }
  });

  it('leaves towns whole that are no wider than the smallest cell', () => {
    expect(makeGeocells(around(towns, 60), rules).cells.map((cell) => cell.photos)).toEqual([60, 60, 60, 60]);
    expect(makeGeocells(around(towns, 60), { ...rules, smallestKm: 1 }).cells.length).toBeGreaterThan(4);
  });

  it('is finer where photos are many', () => {
    const photos = [
      ...around([coordinate(50, 14), coordinate(50, 15), coordinate(51, 14)], 20),
      ...around(towns, 5, 2),
    ];
    const made = makeGeocells(photos, { ...rules, minPhotos: 1 });
    expect(made.cells.length).toBeGreaterThanOrEqual(4);
    expect(made.cells.length).toBeLessThan(8);
  });

  it('keeps its limits for any positions', () => {
    const photos = fc.array(
      fc
        .tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }))
        .map(([latitude, longitude]) => coordinate(latitude, longitude)),
      { minLength: 5, maxLength: 80 },
    );
    fc.assert(
      fc.property(photos, (positions) => {
        const made = makeGeocells(positions, rules);
        const members = Map.groupBy(positions, (position) => cellOf(made, position));
        expect(made.cells.map((_, i) => members.get(i)?.length)).toEqual(made.cells.map((cell) => cell.photos));
        for (const { photos: count } of made.cells) expect(count).toBeGreaterThanOrEqual(rules.minPhotos);
      }),
      { numRuns: 50 },
    );
  });

  it('gives positions that balance each other one of them for a centre', () => {
    const opposite = [0, 0, 0, 180, 180, 180].map((longitude) => coordinate(0, longitude));
    expect(makeGeocells(opposite, { ...rules, minPhotos: 6, maxPhotos: 6 }).cells).toEqual([
      { centre: opposite[0], photos: 6 },
    ]);
  });

  it('refuses no photos and limits that contradict each other', () => {
    expect(() => makeGeocells([], rules)).toThrow('none');
    expect(() => makeGeocells(towns, { ...rules, maxPhotos: 4 })).toThrow('at least 5 and at most 4');
  });
});

describe('parseGeocells', () => {
  const made = makeGeocells(around(towns, 15), rules);

  it('reads back what was written, to the last bit', () => {
    expect(parseGeocells(JSON.parse(JSON.stringify(geocellsDocument(made))), 'cells.json')).toEqual(made);
  });

  it('refuses a tree that does not fit the cells', () => {
    const document = geocellsDocument(made);
    expect(() => parseGeocells({ ...document, cells: document.cells.slice(1) }, 'x.json')).toThrow(
      'x.json: the tree ends in 4 cells, and 3 are listed',
    );
    expect(() => parseGeocells({ cells: [] }, 'x.json')).toThrow('x.json holds no cells');
  });
});
