/** Finds territories and regions that may be written under a country although GeoNames lists them under another one. */
import type { Iso2 } from '../core/place.ts';
import type { Scope } from './candidates.ts';
import { alsoWrittenUnder } from './facts.ts';
import type { Store } from './store.ts';

/** A search in one country, or in some of its regions. */
export type CountryScope = Scope & { readonly country: number };

/** Returns the territories of a country, and the regions of other countries that it claims. */
export function landsUnder(store: Store, country: number): CountryScope[] {
  const { code } = store.countries[country]!;
  return alsoWrittenUnder.flatMap(({ country, lies, admin1 }) => {
    if (country !== code) return [];
    const within = admin1?.map((region) => store.admin1[`${lies}.${region}`]!);
    return [{ country: store.countryNumber.get(lies)!, ...(within !== undefined && { within: new Set(within) }) }];
  });
}

/** True if the territory belongs to the sovereign as a whole, or the sovereign claims all of it. */
export const belongsTo = (territory: Iso2, sovereign: Iso2): boolean =>
  alsoWrittenUnder.some(({ country, lies, admin1 }) => country === sovereign && lies === territory && !admin1);
