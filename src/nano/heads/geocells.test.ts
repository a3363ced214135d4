import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Coordinate, coordinate } from '../../core/coordinate.ts';
import { distanceKm } from '../../core/distance.ts';
import { random } from '../../core/random.ts';
import { cellOf, geocellsDocument, makeGeocells, parseGeocells } from './geocells.ts';

/** Draws `count` photo positions within about 8 km of each town. */
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
  it('gives each town a cell within the limits, with the mean of its photos as centre', () => {
    const photos = around(towns, 15);
    const geocells = makeGeocells(photos, rules);
    expect(geocells.cells.map((cell) => cell.photos)).toEqual([15, 15, 15, 15]);
    for (const [i, photo] of photos.entries()) {
      const { centre } = geocells.cells[cellOf(geocells, photo)]!;
      expect(distanceKm(centre, towns[Math.floor(i / 15)]!)).toBeLessThan(8);
    }
  });

  it('does not cut towns narrower than the smallest cell', () => {
    expect(makeGeocells(around(towns, 60), rules).cells.map((cell) => cell.photos)).toEqual([60, 60, 60, 60]);
    expect(makeGeocells(around(towns, 60), { ...rules, smallestKm: 1 }).cells.length).toBeGreaterThan(4);
  });

  it('is finer where there are many photos', () => {
    const photos = [
      ...around([coordinate(50, 14), coordinate(50, 15), coordinate(51, 14)], 20),
      ...around(towns, 5, 2),
    ];
    const geocells = makeGeocells(photos, { ...rules, minPhotos: 1 });
    expect(geocells.cells.length).toBeGreaterThanOrEqual(4);
    expect(geocells.cells.length).toBeLessThan(8);
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
        const geocells = makeGeocells(positions, rules);
        const members = Map.groupBy(positions, (position) => cellOf(geocells, position));
        expect(geocells.cells.map((_, i) => members.get(i)?.length)).toEqual(geocells.cells.map((cell) => cell.photos));
        for (const { photos: count } of geocells.cells) expect(count).toBeGreaterThanOrEqual(rules.minPhotos);
      }),
      { numRuns: 50 },
    );
  });

  it('uses one of the positions as centre if they cancel out', () => {
    const opposite = [0, 0, 0, 180, 180, 180].map((longitude) => coordinate(0, longitude));
    expect(makeGeocells(opposite, { ...rules, minPhotos: 6, maxPhotos: 6 }).cells).toEqual([
      { centre: opposite[0], photos: 6 },
    ]);
  });

  it('rejects an empty list and contradictory limits', () => {
    expect(() => makeGeocells([], rules)).toThrow('from 0 photos');
    expect(() => makeGeocells(towns, { ...rules, maxPhotos: 4 })).toThrow('at least 5 and at most 4');
  });
});

describe('parseGeocells', () => {
  const geocells = makeGeocells(around(towns, 15), rules);

  it('reads and writes without loss', () => {
    expect(parseGeocells(JSON.parse(JSON.stringify(geocellsDocument(geocells))), 'cells.json')).toEqual(geocells);
  });

  it('rejects a tree that does not match the cells', () => {
    const document = geocellsDocument(geocells);
    expect(() => parseGeocells({ ...document, cells: document.cells.slice(1) }, 'x.json')).toThrow(
      'x.json: the tree has 4 leaves, but the list has 3 cells',
    );
    expect(() => parseGeocells({ cells: [] }, 'x.json')).toThrow('x.json is not a valid list of cells');
  });
});
