/**
 * A simulated image-to-GPS method. Like a retriever, it returns a coordinate and a confidence for every image. The
 * coordinate is near the place, elsewhere in the country or anywhere, at rates that depend on the photo's difficulty.
 * Confidences are higher for positions in the right country than for other positions, but the two distributions
 * overlap. It replaces the paper's GeoCLIP, but does not imitate it.
 */
import { z } from 'zod';
import type { Coordinate } from '../../core/coordinate.ts';
import { type Random, random as seeded, seedFrom } from '../../core/random.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Locator } from '../../locator/locator.ts';
import { CITIES, type City } from '../facts/cities.ts';
import { cityPosition, moved } from '../position.ts';
import type { Difficulty } from '../stage.ts';
import type { SceneTruth } from '../truth.ts';
import type { World } from '../world.ts';

const rate = z.number().min(0).max(1);
const reach = z.strictObject({
  /** Probability of a position within a few km. */ near: rate,
  /** Probability of a position near another city of the country. */ country: rate,
});

export const gpsProfileSchema = z.strictObject({
  name: z.string().min(1),
  seed: z.int().default(0),
  easy: reach,
  'country-only': reach,
  'not-localizable': reach,
  /** Standard deviation in km of the random offset that is added to a position, both to the east and to the north. */
  spreadKm: z.number().positive(),
  /**
   * Share of misleading confidences: a low one for a position in the right country, or a high one for a position
   * elsewhere.
   */
  miscalibrated: rate,
});

export type GpsProfile = z.infer<typeof gpsProfileSchema>;

/** The default profile; its rates are our choice. */
export const GPS: GpsProfile = {
  name: 'miniature-gps',
  seed: 3,
  easy: { near: 0.82, country: 0.12 },
  'country-only': { near: 0.4, country: 0.48 },
  'not-localizable': { near: 0.02, country: 0.04 },
  spreadKm: 4,
  miscalibrated: 0.08,
};

type Reached = 'near' | 'country' | 'anywhere';

/** Creates the locator. Its `locate` throws `not-found` for an image that is not from this world. */
export function simulatedGps(
  world: World,
  { gazetteer, profile = GPS }: { gazetteer: Gazetteer; profile?: GpsProfile },
): Locator {
  return {
    name: profile.name,
    locate: (image, { signal }) => {
      signal.throwIfAborted();
      const scene = world.sceneOf(image);
      const random = seeded(seedFrom(`${profile.seed}:${scene.id}:gps`));
      const reached = reachedBy(scene.difficulty, { profile, random });
      const at = positionOf(scene, { reached, gazetteer, random, spreadKm: profile.spreadKm });
      const sure = (reached !== 'anywhere') !== random.next() < profile.miscalibrated;
      const confidence = confidenceOf(sure, random);
      const found = { coordinate: at, confidence };
      return Promise.resolve({
        kind: 'located',
        ...found,
        granularity: 'coordinate',
        reasoning: '',
        samples: [{ answer: { kind: 'coordinate', reasoning: '', ...found }, coordinate: at }],
      });
    },
  };
}

function reachedBy(difficulty: Difficulty, { profile, random }: { profile: GpsProfile; random: Random }): Reached {
  const { near, country } = profile[difficulty];
  const draw = random.next();
  return draw < near ? 'near' : draw < near + country ? 'country' : 'anywhere';
}

function positionOf(
  scene: SceneTruth,
  {
    reached,
    gazetteer,
    random,
    spreadKm,
  }: { reached: Reached; gazetteer: Gazetteer; random: Random; spreadKm: number },
): Coordinate {
  const centre =
    reached === 'near' ? scene : cityPosition(cityElsewhere(scene, { reached, random }), gazetteer).coordinate;
  return moved(centre, [random.normal() * spreadKm, random.normal() * spreadKm]);
}

function cityElsewhere(
  { countryCode, geonameId }: SceneTruth,
  { reached, random }: { reached: Reached; random: Random },
): City {
  const others = CITIES.filter(
    (city) => city.geonameId !== geonameId && (reached === 'anywhere' || city.countryCode === countryCode),
  );
  return others[random.integer(others.length)]!;
}

/**
 * Draws a confidence in (0, 1) from one of two overlapping log-normal distributions. Their medians are 0.35 if `sure`,
 * and 0.01 otherwise.
 */
function confidenceOf(sure: boolean, random: Random): number {
  const value = Math.exp((sure ? -1.05 : -4.6) + (sure ? 0.6 : 0.9) * random.normal());
  return Math.min(0.97, value);
}
