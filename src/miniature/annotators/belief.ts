/**
 * Computes what a simulated annotator believes about a photo: whether it is localizable, and which place it shows. The
 * belief contains errors at the rates of the annotator's profile.
 */
import { type Random, random as seeded, seedFrom } from '../../core/random.ts';
import { countryPosterior } from '../cues.ts';
import { CITIES, type City } from '../facts/cities.ts';
import { COUNTRIES, countryFacts } from '../facts/countries.ts';
import type { Country } from '../facts/country.ts';
import type { SceneCue, SceneTruth } from '../truth.ts';
import type { AnnotatorProfile } from './profile.ts';

export type Belief = {
  readonly localizable: boolean;
  /** Absent when the annotator names no place. */
  readonly country?: Country;
  readonly city?: City;
  /** Cues that the annotator saw. */
  readonly noticed: readonly SceneCue[];
};

/** Returns the belief. The same scene and profile always give the same belief. */
export function beliefOf(scene: SceneTruth, profile: AnnotatorProfile): Belief {
  const own = seeded(seedFrom(`${profile.seed}:${scene.id}:belief`));
  const shared = seeded(seedFrom(`${scene.id}:shared belief`));
  // Errors drawn from `shared` depend only on the photo, so all annotators that draw from it make the same errors.
  const errors = shared.next() < profile.correlation ? shared : own;
  const noticed = scene.cues.filter(() => own.next() < profile.attention);
  const cityOfScene = CITIES.find(({ geonameId }) => geonameId === scene.geonameId)!;
  // Always draw all numbers, even unused ones, so that all annotators read the shared stream at the same positions.
  const draws = {
    judgement: errors.next(),
    misled: errors.next(),
    country: errors.next(),
    city: errors.next(),
    choice: seeded(Math.floor(errors.next() * 2 ** 31)),
  };
  const random = draws.choice;
  if (scene.difficulty === 'not-localizable') {
    if (draws.judgement >= profile.overconfident) return { localizable: false, noticed };
    const country = pick(COUNTRIES, random);
    return { localizable: true, country, city: firstCity(country), noticed };
  }
  if (draws.judgement < profile.underconfident) return { localizable: false, noticed };
  const country = believedCountry(scene, { profile, draws, random });
  if (country.code !== scene.countryCode)
    return { localizable: true, country, city: pick(citiesOf(country), random), noticed };
  const showsCity = noticed.some(({ kind, misleading }) => !misleading && (kind === 'landmark' || kind === 'transit'));
  if (!showsCity)
    return {
      localizable: true,
      country,
      noticed,
      ...(draws.city < profile.guessesCity && { city: firstCity(country) }),
    };
  if (draws.city >= profile.wrongCity) return { localizable: true, country, city: cityOfScene, noticed };
  const others = citiesOf(country).filter((city) => city !== cityOfScene);
  return { localizable: true, country, city: pick(others, random), noticed };
}

const pick = <T>(items: readonly T[], random: Random): T => items[random.integer(items.length)]!;
const citiesOf = ({ code }: Country): City[] => CITIES.filter(({ countryCode }) => countryCode === code);
const firstCity = (country: Country): City => citiesOf(country)[0]!;

function believedCountry(
  scene: SceneTruth,
  { profile, draws, random }: { profile: AnnotatorProfile; draws: { misled: number; country: number }; random: Random },
): Country {
  const truth = countryFacts(scene.countryCode);
  const foreign = scene.cues.filter(({ misleading }) => misleading);
  if (foreign.length > 0 && draws.misled < profile.misled) return likeliest(foreign, { except: truth, random });
  if (draws.country < profile.wrongCountry) return likeliest(scene.cues, { except: truth, random });
  return truth;
}

/** Picks one of the three countries that fit the cues best. */
function likeliest(cues: readonly SceneCue[], { except, random }: { except: Country; random: Random }): Country {
  const posterior = countryPosterior(cues);
  const ranked = COUNTRIES.map((country, i) => ({ country, probability: posterior[i]! }))
    .filter(({ country }) => country !== except)
    .sort((a, b) => b.probability - a.probability);
  return pick(ranked.slice(0, 3), random).country;
}
