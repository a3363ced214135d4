/** Every country of the generated world, by code. */
import { invalidInput } from '../../core/errors.ts';
import type { Iso2 } from '../../core/place.ts';
import { africa } from './africa.ts';
import { asia } from './asia.ts';
import type { Country } from './country.ts';
import { europe } from './europe.ts';
import { northAmerica } from './north-america.ts';
import { oceania } from './oceania.ts';
import { southAmerica } from './south-america.ts';

export const COUNTRIES: readonly Country[] = [
  ...europe,
  ...asia,
  ...africa,
  ...northAmerica,
  ...southAmerica,
  ...oceania,
];

const byCode = new Map(COUNTRIES.map((country) => [country.code, country]));

/** Returns the facts of a country. Throws `invalid-input` if the generated world lacks the country. */
export function countryFacts(code: Iso2): Country {
  const country = byCode.get(code);
  if (country === undefined) throw invalidInput(`The generated world has no country "${code}".`);
  return country;
}
