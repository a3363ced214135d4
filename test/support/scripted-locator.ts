/**
 * A locator and images for tests of long runs. An answer depends only on the image, and arrives after some turns of the
 * event loop.
 */
import { setImmediate } from 'node:timers/promises';
import { random, seedFrom } from '../../src/core/random.ts';
import type { BenchmarkImage } from '../../src/evaluation/benchmark-images.ts';
import type { PreparedImage } from '../../src/image/prepared-image.ts';
import type { Location, Locator } from '../../src/locator/locator.ts';
import { TINY_CITIES } from './tiny-gazetteer.ts';

export function scriptedImages(count: number): BenchmarkImage[] {
  return Array.from({ length: count }, (_, i) => {
    const { latitudeDegrees, longitudeDegrees } = TINY_CITIES[i % TINY_CITIES.length]!;
    const id = `image-${i}.jpg`;
    return { id, path: `/images/${id}`, truth: { coordinate: { latitudeDegrees, longitudeDegrees } } };
  });
}

/** Prepares an "image" whose bytes are its path instead of pixels. */
export function prepareByName(path: string): Promise<PreparedImage> {
  return Promise.resolve({
    bytes: Buffer.from(path),
    mediaType: 'image/png',
    widthPixels: 1,
    heightPixels: 1,
    sha256: path,
  });
}

/**
 * A locator that refuses every fifth image, and names an unknown place for every seventh. For every other image, it
 * names a random city.
 */
export function scriptedLocator({ failing = () => false }: { failing?: (name: string) => boolean } = {}): Locator {
  return {
    name: 'scripted',
    locate: async (image, { signal, seed = 0 }): Promise<Location> => {
      const name = image.sha256.split('/').at(-1)!;
      const generator = random(seedFrom(name));
      for (let turn = generator.integer(6); turn >= 0; turn--) await setImmediate(undefined, { signal });
      if (failing(name)) throw new Error('503 the service is down');
      const number = Number.parseInt(name.slice('image-'.length), 10);
      if (number % 5 === 4) return { kind: 'refused', reasoning: '', reason: 'cannot say — “sorry”', samples: [] };
      if (number % 7 === 6)
        return { kind: 'notGeocodable', reasoning: '', place: { country: 'Ruritania' }, samples: [] };
      const { city, country, countryCode, ...coordinate } = TINY_CITIES[generator.integer(TINY_CITIES.length)]!;
      return {
        kind: 'located',
        place: { city, country, countryCode },
        coordinate,
        granularity: 'city',
        reasoning: `seed ${seed}`,
        confidence: generator.next(),
        samples: [],
      };
    },
  };
}
