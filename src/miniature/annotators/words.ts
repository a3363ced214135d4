/** Names the elements that photos of a country or a city may show, so that annotators can invent them. */
import type { City } from '../facts/cities.ts';
import type { Country } from '../facts/country.ts';
import { plateName } from '../facts/country.ts';
import { type CueKind, flagWords } from '../cues.ts';
import { treeName } from '../draw/plant.ts';
import { scriptWords } from '../draw/sign.ts';
import { taxiName } from '../draw/car.ts';
import { transitName } from '../draw/transit.ts';
import { roofName, wallName } from '../views/houses.ts';
import { socketName } from '../views/indoor.ts';
import { biomeName } from '../views/biome.ts';
import { landmarkName } from '../views/landmark.ts';

/**
 * Returns the label of the element that shows a cue of this kind in the place, or undefined if the place has no such
 * cue.
 */
export function elementOf(kind: CueKind, { country, city }: { country: Country; city?: City }): string | undefined {
  switch (kind) {
    case 'flag':
      return flagWords(country);
    case 'plate':
      return plateName(country.plate);
    case 'script':
      return scriptWords(country.script, 'sign');
    case 'driving side':
      return 'oncoming car';
    case 'centre line':
      return `${country.centreLine} centre line`;
    case 'edge line':
      return `${country.edgeLine} edge line`;
    case 'warning sign':
      return `${country.warningSign} warning sign`;
    case 'direction sign':
      return `${country.directionSign} direction sign`;
    case 'wall':
      return wallName(country.wall);
    case 'roof':
      return roofName(country.roof);
    case 'vegetation':
      return treeName(country.trees[0]);
    case 'biome':
      return biomeName(country.biomes[0]);
    case 'socket':
      return socketName(country.socket);
    case 'taxi':
      return country.taxi === undefined ? undefined : taxiName(country.taxi);
    case 'landmark':
      return city === undefined ? undefined : landmarkName(city.landmark);
    case 'transit':
      return city === undefined ? undefined : transitName(city.transit);
    default:
      return kind satisfies never;
  }
}
