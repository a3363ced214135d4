/** Finds a first-level region (state, province) of any country by a misspelled name. */
import { editsBetween } from './country-words.ts';
import { fold } from './fold.ts';
import { nameOf, regionOf, type Store } from './store.ts';

type Named = { readonly name: string; readonly row: number };

const regionsOfStores = new WeakMap<object, readonly Named[]>();

function regionsOf(store: Store): readonly Named[] {
  const known = regionsOfStores.get(store.countries);
  if (known !== undefined) return known;
  const rows = Object.values(store.admin1).filter((row) => regionOf(store, row, 1) === row);
  const regions = rows.map((row) => ({ name: fold(nameOf(store, row)), row }));
  regionsOfStores.set(store.countries, regions);
  return regions;
}

/** Minimum length of a text that may be a mistyped region. A shorter text is more likely to be another word. */
const MIN_CHARACTERS_OF_MISTYPED_REGION = 7;

/**
 * Returns the row of the region whose name needs the fewest edits. Among several such regions, returns the most
 * populous. Undefined if no region has a similar name.
 */
export function regionMistyped(store: Store, folded: string): number | undefined {
  if (folded.length < MIN_CHARACTERS_OF_MISTYPED_REGION) return undefined;
  const near = regionsOf(store).flatMap(({ name, row }) => {
    const edits = editsBetween(name, folded);
    return edits === undefined ? [] : [{ row, edits, population: store.sections.population[row]! }];
  });
  return near.sort((a, b) => a.edits - b.edits || b.population - a.population)[0]?.row;
}
