import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedImage, tinyCheckpoint } from '../../../test/support/tiny-nano.ts';
import { type Coordinate, coordinate } from '../../core/coordinate.ts';
import { distanceKm } from '../../core/distance.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { geocellClassifier } from './geocell-classifier.ts';
import { cellOf, makeGeocells } from './geocells.ts';
import { imageRetriever } from './image-retriever.ts';
import { LOCATION_FEATURES, locationFeatures } from './location-encoder.ts';
import { PositionModel } from './position-model.ts';

const places = [
  coordinate(50.08, 14.43),
  coordinate(-22.91, -43.17),
  coordinate(35.68, 139.69),
  coordinate(-1.29, 36.82),
  coordinate(64.15, -21.94),
  coordinate(-33.87, 151.21),
];
let examples: { image: PreparedImage; position: Coordinate }[];
beforeAll(async () => {
  const images = await Promise.all(places.map((_, i) => numberedImage(i * 613 + 5)));
  examples = images.map((image, i) => ({ image, position: places[i]! }));
});

const disposables: { dispose(): Promise<void> }[] = [];
afterAll(() => Promise.all(disposables.map((d) => d.dispose())));
const checkpoint = tinyCheckpoint();
const options = { threads: 1, optimizer: { maxGradientNorm: 1 } };

const rules = { minPhotos: 1, maxPhotos: 1, smallestKm: 1 };

function newClassifier() {
  const geocells = makeGeocells(places, rules);
  const head = geocellClassifier({ encoder: checkpoint.config, geocells });
  return new PositionModel({ ...options, head, encoderParameters: checkpoint.parameters });
}

/** Gallery positions, each about 15 km from a training position. */
const near = places.map(({ latitudeDegrees, longitudeDegrees }) =>
  coordinate(latitudeDegrees + 0.1, longitudeDegrees + 0.1),
);

function newRetriever() {
  const head = imageRetriever({ encoder: checkpoint.config, gallery: near, width: 32 });
  return new PositionModel({ ...options, head });
}

const images = (): PreparedImage[] => examples.map(({ image }) => image);

/** Returns, for each example, the index of the position that is nearest to the model's answer. */
async function answersOf(model: PositionModel, positions: readonly Coordinate[]): Promise<number[]> {
  const ranked = await model.rank(images());
  return ranked.map(([best]) => {
    const distances = positions.map((position) => distanceKm(position, best!.coordinate));
    return distances.indexOf(Math.min(...distances));
  });
}

describe('a geocell classifier', () => {
  it('memorizes the position of each image, from the encoder of a checkpoint', async () => {
    const classifier = newClassifier();
    disposables.push(classifier);
    expect(classifier.parameters()['vision.patch.weight']).toEqual(checkpoint.parameters['vision.patch.weight']);
    for (let step = 0; step < 80; step++) await classifier.train(examples, { learningRate: 5e-3 });
    expect(await answersOf(classifier, places)).toEqual([0, 1, 2, 3, 4, 5]);
    const [first] = await classifier.rank(images(), { count: 2 });
    expect(first).toHaveLength(2);
    expect(first![0]!.confidence).toBeGreaterThan(0.9);
    expect(first![0]!.confidence + first![1]!.confidence).toBeLessThanOrEqual(1.000001);
  });

  it('trains only its head on a frozen encoder', async () => {
    const geocells = makeGeocells(places, rules);
    const head = geocellClassifier({ encoder: checkpoint.config, geocells });
    const { parameters: encoderParameters } = checkpoint;
    const classifier = new PositionModel({ ...options, head, encoderParameters, freezeEncoder: true });
    disposables.push(classifier);
    const before = classifier.parameters();
    await classifier.train(examples, { learningRate: 1e-2 });
    const after = classifier.parameters();
    const changed = Object.keys(after).filter((name) => before[name]!.data.some((x, i) => x !== after[name]!.data[i]));
    expect(changed).toContain('geocell.weight');
    expect(changed.filter((name) => name.startsWith('vision.'))).toEqual([]);
  });

  it('smooths the target over neighbours, with the own cell highest', () => {
    const geocells = makeGeocells(places, rules);
    const targetsOf = (smoothingKm: number): number[] => {
      const head = geocellClassifier({ encoder: checkpoint.config, geocells, smoothingKm });
      return Array.from(head.lossFeeds([places[0]!])['targets']!.data);
    };
    const own = cellOf(geocells, places[0]!);
    expect(targetsOf(0)).toEqual(places.map((_, cell) => (cell === own ? 1 : 0)));
    const smooth = targetsOf(1000);
    expect(smooth.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
    expect(smooth.indexOf(Math.max(...smooth))).toBe(own);
    // The distances are 2,633 km from the photo to the centre of the Reykjavik cell, and 0 km to the centre of the
    // photo's own cell.
    const reykjavik = smooth[cellOf(geocells, places[4]!)]!;
    expect(Math.log(smooth[own]! / reykjavik)).toBeCloseTo(distanceKm(places[0]!, places[4]!) / 1000, 3);
  });

  it('rejects a single cell', () => {
    const geocells = makeGeocells(places.slice(0, 1), rules);
    expect(() => geocellClassifier({ encoder: checkpoint.config, geocells })).toThrow(/at least 2 cells/);
  });
});

describe('an image retriever', () => {
  it('learns to find the position of each image in a gallery', async () => {
    const retriever = newRetriever();
    disposables.push(retriever);
    for (let step = 0; step < 120; step++) await retriever.train(examples, { learningRate: 5e-3 });
    expect(await answersOf(retriever, near)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const list of await retriever.rank(images(), { count: 3 })) {
      const confidences = list.map(({ confidence }) => confidence);
      expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
      expect(confidences[0]).toBeGreaterThan(0.5);
    }
  });

  it('answers by the current weights, not by an outdated gallery', async () => {
    const retriever = newRetriever();
    disposables.push(retriever);
    const state = retriever.state();
    const before = await retriever.rank(images(), { count: 6 });
    for (let step = 0; step < 10; step++) await retriever.train(examples, { learningRate: 5e-3 });
    expect(await retriever.rank(images(), { count: 6 })).not.toEqual(before);
    retriever.restore(state);
    expect(await retriever.rank(images(), { count: 6 })).toEqual(before);
  });

  it('needs at least two photos and a gallery', async () => {
    const retriever = newRetriever();
    disposables.push(retriever);
    await expect(retriever.train(examples.slice(0, 1), { learningRate: 1e-3 })).rejects.toThrow('at least 2 photos');
    expect(() => imageRetriever({ encoder: checkpoint.config, gallery: [] })).toThrow('no position');
  });

  it('gives the same vectors for positions on either side of the date line', () => {
    const { data, shape } = locationFeatures([coordinate(10, 180), coordinate(10, -180)]);
    expect(shape).toEqual([2, LOCATION_FEATURES]);
    for (let i = 0; i < LOCATION_FEATURES; i++) expect(data[i]).toBeCloseTo(data[LOCATION_FEATURES + i]!, 5);
  });
});
