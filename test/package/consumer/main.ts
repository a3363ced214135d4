/** A program that consumer.test.ts compiles and runs in its own project with the installed package. */
import { openGazetteer, type Place } from 'globe-geolocation';
import type { createReward } from 'globe-geolocation/reward';
import type { VisionModel } from 'globe-geolocation/vision';

const place: Place = { city: 'Helsinki', country: 'Finland' };
const found = openGazetteer().geocode(place);
if (found.kind === 'found') console.log(place.city, found.coordinate.latitudeDegrees.toFixed(2));

/** A plug-in whose types are checked. It is not run. */
export const silent: Pick<VisionModel, 'name' | 'generate'> = {
  name: 'silent',
  generate: async () => Promise.resolve([]),
};
export type Options = Parameters<typeof createReward>[0];
