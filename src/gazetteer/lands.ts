/** Finds territories and regions that may be written under a country although GeoNames lists them under another one. */
import type { Iso2 } from '../core/place.ts';
import type { Scope } from './candidates.ts';
import { alsoWrittenUnder } from './facts.ts';
import type { Store } from './store.ts';

/** A search in one country, or in some of its regions. */
export type CountryScope = Scope & { readonly country: number };

const landsByCountry = Map.groupBy(alsoWrittenUnder, ({ country }) => country);

/** Returns the territories of a country, and the regions of other countries that it claims. */
export function landsUnder(store: Store, country: number): CountryScope[] {
  const lands = landsByCountry.get(store.countries[country]!.code) ?? [];
  return lands.map(({ lies, admin1 }) => {
    const within = admin1?.map((region) => store.admin1[`${lies}.${region}`]!);
    return { country: store.countryNumber.get(lies)!, ...(within !== undefined && { within: new Set(within) }) };
  });
}

/** True if the territory belongs to the sovereign as a whole, or the sovereign claims all of it. */
export const belongsTo = (territory: Iso2, sovereign: Iso2): boolean =>
  (landsByCountry.get(sovereign) ?? []).some(({ lies, admin1 }) => lies === territory && admin1 === undefined);
