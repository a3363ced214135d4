import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedImage, tinyCheckpoint } from '../../../test/support/tiny-nano.ts';
import { type Coordinate, coordinate } from '../../core/coordinate.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { EmbeddedBackend } from '../embedded-backend.ts';
import { GeocellClassifier } from './geocell-classifier.ts';
import { ImageRetriever } from './image-retriever.ts';
import { LOCATION_FEATURES, locationFeatures } from './location-encoder.ts';
import { judgementData, yesProbabilities } from './yes-no.ts';

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
const options = { config: checkpoint.config, threads: 1, optimizer: { maxGradientNorm: 1 } };

describe('GeocellClassifier', () => {
  it('learns which cell each image was taken in, from the encoder of a checkpoint', async () => {
    const classifier = new GeocellClassifier({ ...options, cells: places, parameters: checkpoint.parameters });
    disposables.push(classifier);
    expect(classifier.parameters()['vision.patch.weight']).toEqual(checkpoint.parameters['vision.patch.weight']);
    for (let step = 0; step < 120; step++) await classifier.train(examples, { learningRate: 5e-3 });
    const predictions = await classifier.predict(
      examples.map(({ image }) => image),
      2,
    );
    expect(predictions.map(([best]) => best!.centre)).toEqual(places);
    expect(predictions[0]![0]!.probability).toBeGreaterThan(0.9);
    expect(predictions[0]).toHaveLength(2);
  });

  it('puts a position into the cell of the nearest centre', () => {
    const classifier = new GeocellClassifier({ ...options, cells: places });
    expect(classifier.cellOf(coordinate(48.2, 16.4))).toBe(0);
    expect(classifier.cellOf(coordinate(-34.6, -58.4))).toBe(1);
  });

  it('refuses a single cell', () => {
    expect(() => new GeocellClassifier({ ...options, cells: [places[0]!] })).toThrow(/at least 2 cells/);
  });
});

describe('ImageRetriever', () => {
  it('learns to find the position of each image in a gallery', async () => {
    const retriever = new ImageRetriever({ ...options, width: 32 });
    disposables.push(retriever);
    for (let step = 0; step < 150; step++) await retriever.train(examples, { learningRate: 5e-3 });
    // Not the very positions of training, but others 15 km away.
    const near = places.map(({ latitudeDegrees, longitudeDegrees }) =>
      coordinate(latitudeDegrees + 0.1, longitudeDegrees + 0.1),
    );
    const gallery = await retriever.gallery(near);
    const found = await retriever.search(
      examples.map(({ image }) => image),
      gallery,
      3,
    );
    expect(found.map(([best]) => best!.position)).toEqual(near);
    for (const list of found) {
      expect(list.map(({ similarity }) => similarity)).toEqual(
        list.map(({ similarity }) => similarity).toSorted((a, b) => b - a),
      );
      expect(list[0]!.probability).toBeGreaterThan(0.5);
    }
  });

  it('gives the same vectors for positions on either side of the date line', () => {
    const { data, shape } = locationFeatures([coordinate(10, 180), coordinate(10, -180)]);
    expect(shape).toEqual([2, LOCATION_FEATURES]);
    for (let i = 0; i < LOCATION_FEATURES; i++) expect(data[i]).toBeCloseTo(data[LOCATION_FEATURES + i]!, 5);
  });
});

describe('yesProbabilities', () => {
  it('learns judgements of images', async () => {
    const backend = new EmbeddedBackend({ ...checkpoint, threads: 1, optimizer: { maxGradientNorm: 1 } });
    disposables.push(backend);
    const judged = examples.map(({ image }, i) => ({
      prompt: { image, tokens: backend.promptTokens({ prompt: 'Can this be located?', image: true }) },
      yes: i % 2 === 0,
    }));
    for (let step = 0; step < 120; step++) {
      await backend.forwardBackward(judgementData(backend, judged), { name: 'cross_entropy' });
      await backend.optimStep({ learningRate: 4e-3 });
    }
    const probabilities = await yesProbabilities(
      backend,
      judged.map(({ prompt }) => prompt),
    );
    for (const [i, probability] of probabilities.entries())
      expect(Math.abs(probability - (i % 2 === 0 ? 1 : 0))).toBeLessThan(0.1);
  });
});
