/**
 * Decides what a photo should show: its setting, a view with room for the cues, the cues of its place and foreign cues.
 * The picture may show fewer cues; compose.ts measures them from the pixels.
 */
import { defined } from '../core/defined.ts';
import type { Random } from '../core/random.ts';
import { CITY_CUES, COUNTRY_CUES, type CueKind, cueValues, countryPosterior } from './cues.ts';
import type { City } from './facts/cities.ts';
import { COUNTRIES, countryFacts } from './facts/countries.ts';
import type { Country } from './facts/country.ts';
import type { Difficulty, Plan, Setting } from './stage.ts';
import { type View, VIEWS } from './views/views.ts';

/** Shares of the settings, from the train split in the paper's Table 1. */
export const SETTING_SHARES: Readonly<Record<Setting, number>> = { indoor: 0.16, natural: 0.06, urban: 0.78 };

/**
 * Shares of the difficulties in each setting. They are our choice: rooms and landscapes show less of the place than
 * streets.
 */
export const DIFFICULTY_SHARES: Readonly<Record<Setting, Readonly<Record<Difficulty, number>>>> = {
  urban: { easy: 0.58, 'country-only': 0.27, 'not-localizable': 0.15 },
  natural: { easy: 0.3, 'country-only': 0.4, 'not-localizable': 0.3 },
  indoor: { easy: 0.38, 'country-only': 0.27, 'not-localizable': 0.35 },
};

/** Probability of a cue in a view that has room for it. */
const PRESENCE: Readonly<Record<CueKind, number>> = {
  flag: 0.3,
  plate: 0.75,
  script: 0.7,
  'driving side': 0.8,
  'centre line': 0.8,
  'edge line': 0.6,
  'warning sign': 0.35,
  'direction sign': 0.3,
  wall: 0.8,
  roof: 0.75,
  vegetation: 0.65,
  biome: 0.9,
  socket: 0.7,
  taxi: 0.3,
  landmark: 0.75,
  transit: 0.4,
};

/** Share of localizable photos with a foreign cue. */
const FOREIGN_SHARE = 0.08;
/** A photo shows its country when the visible cues give the country at least this probability. */
export const COUNTRY_SHOWN = 0.6;

export function drawFrom<T extends string>(shares: Readonly<Record<T, number>>, random: Random): T {
  const entries = Object.entries(shares) as [T, number][];
  let left = random.next() * entries.reduce((sum, [, share]) => sum + share, 0);
  for (const [name, share] of entries) if ((left -= share) < 0) return name;
  return entries.at(-1)![0];
}

/** Makes a plan that has the requested difficulty if all its cues turn out to be visible. */
export function planScene(options: { city: City; setting: Setting; difficulty: Difficulty; random: Random }): Plan {
  const { city, setting, difficulty, random } = options;
  const country = countryFacts(city.countryCode);
  const base = { city, country, setting };
  if (difficulty === 'not-localizable') {
    const view = pickView(random, setting, (candidate) => candidate.cues.length === 0);
    return { ...base, view: view.name, shows: new Set() };
  }
  const showsCity = difficulty === 'easy';
  const view = pickView(random, setting, ({ cues }) => cues.length > 0 && (!showsCity || canShowCity(cues)));
  const foreign = random.next() < FOREIGN_SHARE ? foreignCues(view, country, random) : undefined;
  const shows = new Set<CueKind>(view.cues.filter((kind) => isCountryKind(kind) && random.next() < PRESENCE[kind]));
  if (country.taxi === undefined) shows.delete('taxi');
  if (showsCity) {
    for (const kind of CITY_CUES) if (view.cues.includes(kind) && random.next() < PRESENCE[kind]) shows.add(kind);
    if (!CITY_CUES.some((kind) => shows.has(kind))) shows.add(CITY_CUES.find((kind) => view.cues.includes(kind))!);
  }
  for (const kind of foreign?.kinds ?? []) shows.delete(kind);
  addUntilShown(view, { country, shows, foreign, random });
  return { ...base, view: view.name, shows, ...defined({ foreign }) };
}

const isCountryKind = (kind: CueKind): kind is (typeof COUNTRY_CUES)[number] =>
  kind !== 'landmark' && kind !== 'transit';
const canShowCity = (cues: readonly CueKind[]): boolean => cues.includes('landmark') || cues.includes('transit');

function pickView(random: Random, setting: Setting, fits: (view: View) => boolean): View {
  const views = VIEWS.filter((view) => view.setting === setting && fits(view));
  const weights = Object.fromEntries(views.map(({ name, weight }) => [name, weight]));
  const name = drawFrom(weights, random);
  return views.find((view) => view.name === name)!;
}

/** Adds cues until they identify the country despite the foreign cues. Adds the flag last. */
function addUntilShown(
  view: View,
  {
    country,
    shows,
    foreign,
    random,
  }: { country: Country; shows: Set<CueKind>; foreign: Plan['foreign']; random: Random },
): void {
  const order = view.cues.filter((kind) => isCountryKind(kind) && kind !== 'flag' && foreign?.kinds.has(kind) !== true);
  const candidates: CueKind[] = order
    .map((kind) => [kind, random.next()] as const)
    .sort((a, b) => a[1] - b[1])
    .map(([kind]) => kind);
  if (view.cues.includes('flag') && foreign?.kinds.has('flag') !== true) candidates.push('flag');
  for (const kind of candidates) {
    if (countryProbability(country, shows, foreign) >= COUNTRY_SHOWN + 0.2) return;
    if (kind !== 'taxi') shows.add(kind);
  }
}

function countryProbability(country: Country, shows: ReadonlySet<CueKind>, foreign: Plan['foreign']): number {
  const seen = COUNTRY_CUES.flatMap((kind) => {
    const from = foreign?.kinds.has(kind) === true ? foreign.country : shows.has(kind) ? country : undefined;
    const value = from === undefined ? undefined : cueValues(from, kind)[0];
    return value === undefined ? [] : [{ kind, value }];
  });
  return countryPosterior(seen)[COUNTRIES.indexOf(country)]!;
}

/** Picks cues of another country: a rented car's plate, or a foreign restaurant's sign and perhaps flag. */
function foreignCues(view: View, country: Country, random: Random): Plan['foreign'] {
  const others = COUNTRIES.filter(({ code, script }) => code !== country.code && script !== country.script);
  const other = others[random.integer(others.length)]!;
  const restaurant: CueKind[] = random.next() < 0.4 ? ['script', 'flag'] : ['script'];
  const kinds = (view.cues.includes('plate') && random.next() < 0.5 ? (['plate'] as CueKind[]) : restaurant).filter(
    (kind) => view.cues.includes(kind),
  );
  return kinds.length === 0 ? undefined : { country: other, kinds: new Set(kinds) };
}
