/**
 * Makes the roster: the list of all shots, before any is drawn. Owners have albums with bursts of one motif, and a few
 * photos belong to two owners. The test split has its own owners, and some cities that the training split lacks.
 */
import { type Random, random as seeded } from '../core/random.ts';
import { type UnseenLot, unseenCities } from './coverage.ts';
import { CITIES, type City } from './facts/cities.ts';
import { COUNTRIES } from './facts/countries.ts';
import type { Camera } from './compose.ts';
import { DIFFICULTY_SHARES, drawFrom, SETTING_SHARES } from './plan.ts';
import type { Difficulty, Setting } from './stage.ts';

export type Split = 'train' | 'test';

export type Shot = {
  /** Index of the shot in the roster, from 0. */
  readonly number: number;
  readonly owner: string;
  readonly licence: string;
  readonly split: Split;
  readonly city: City;
  readonly setting: Setting;
  /** Intended difficulty; the actual difficulty is measured on the picture. */
  readonly difficulty: Difficulty;
  /** Shots with the same motif show the same scene. */
  readonly motif: number;
  readonly camera: Camera;
  /** Camera of the motif's first shot; the motif's scene is drawn to suit this camera. */
  readonly firstCamera: Camera;
  /** Offset of the photo from the city's coordinate, in km. */
  readonly offsetKm: readonly [east: number, north: number];
  /**
   * Index of the shot that this one nearly repeats. The repeat is part of the same owner's burst, or another owner's
   * copy.
   */
  readonly repeats?: number;
};

/** Share of scenes in the test split. Our choice; the paper holds out 12,000 of 45,000. */
export const TEST_SHARE = 1 / 6;
/**
 * Share of the test split's owners whose photos show only cities that training never sees. It is our choice, for the
 * cities that the facts mark as unseen. If the unseen cities are drawn by a seed, their share of all cities is used
 * instead.
 */
const UNSEEN_SHARE = 0.4;
const BURST_SHARE = 0.07;
const COPY_SHARE = 0.004;
const MEAN_ALBUM = 7;

/** Example licences, as on Flickr; the generated pictures themselves are free of rights. */
const LICENCES = ['CC BY 2.0', 'CC BY-SA 2.0', 'CC BY-NC 2.0', 'CC BY-ND 2.0', 'CC0 1.0'] as const;

type Owner = {
  readonly name: string;
  readonly licence: string;
  readonly split: Split;
  readonly cities: readonly City[];
};

export type RosterOptions = {
  readonly scenes: number;
  readonly seed: number;
  /** Share of scenes in the test split; TEST_SHARE by default. */
  readonly testShare?: number | undefined;
  /** Cities that the training split does not show; by default, those that the facts mark as unseen. */
  readonly unseen?: UnseenLot | undefined;
};

/** Returns every shot of a world with `scenes` photos. The same options give the same shots. */
export function rosterOf({ scenes, seed, testShare = TEST_SHARE, unseen }: RosterOptions): Shot[] {
  const random = seeded(seed);
  const shots: Shot[] = [];
  const testFrom = Math.round(scenes * (1 - testShare));
  const coverage = coverageOf(unseen);
  let owners = 0;
  while (shots.length < scenes) {
    const split: Split = shots.length < testFrom ? 'train' : 'test';
    const owner = newOwner(owners++, { split, coverage, random });
    const album = 1 + Math.floor(-Math.log(1 - random.next()) * (MEAN_ALBUM - 1));
    const end = Math.min(shots.length + album, split === 'train' ? testFrom : scenes);
    while (shots.length < end) shots.push(nextShot({ shots, owner, random, seed }));
  }
  return shots;
}

type Coverage = {
  readonly seen: readonly City[];
  readonly unseen: readonly City[];
  /** Share of the test split's owners who show unseen cities only. */
  readonly unseenShare: number;
};

function coverageOf(lot: UnseenLot | undefined): Coverage {
  const ids = unseenCities(lot);
  const [unseen, seen] = [true, false].map((wanted) => CITIES.filter(({ geonameId }) => ids.has(geonameId) === wanted));
  return { seen: seen!, unseen: unseen!, unseenShare: lot === undefined ? UNSEEN_SHARE : ids.size / CITIES.length };
}

function newOwner(
  number: number,
  { split, coverage, random }: { split: Split; coverage: Coverage; random: Random },
): Owner {
  const { seen, unseen, unseenShare } = coverage;
  const country = COUNTRIES[random.integer(COUNTRIES.length)]!;
  if (split === 'test' && random.next() < unseenShare) {
    const city = unseen[random.integer(unseen.length)]!;
    return { name: ownerName(number), licence: pick(LICENCES, random), split, cities: [city] };
  }
  const home = seen.filter((city) => city.countryCode === country.code);
  // People mostly take photos where they live, and sometimes where they travel.
  const cities = [pick(home, random), pick(home, random), pick(random.next() < 0.5 ? home : seen, random)];
  return { name: ownerName(number), licence: pick(LICENCES, random), split, cities };
}

const ownerName = (number: number): string => `owner-${String(number).padStart(5, '0')}`;
const pick = <T>(items: readonly T[], random: Random): T => items[random.integer(items.length)]!;

function nextShot({
  shots,
  owner,
  random,
  seed,
}: {
  shots: readonly Shot[];
  owner: Owner;
  random: Random;
  seed: number;
}): Shot {
  const number = shots.length;
  const { name, licence, split } = owner;
  const last = shots.at(-1);
  if (last?.owner === name && random.next() < BURST_SHARE) {
    const [x, y] = last.camera.shift;
    const moved: Camera = {
      zoom: last.camera.zoom + 0.01,
      shift: [x + random.next() - 0.5, y + random.next() - 0.5],
      light: last.camera.light * (0.97 + random.next() * 0.06),
    };
    return { ...last, number, camera: moved, repeats: last.repeats ?? last.number };
  }
  if (last !== undefined && last.split === split && last.owner !== name && random.next() < COPY_SHARE * MEAN_ALBUM) {
    return {
      ...last,
      number,
      owner: name,
      licence,
      camera: { ...last.camera, light: last.camera.light * 1.02 },
      repeats: last.repeats ?? last.number,
    };
  }
  const city = pick(owner.cities, random);
  const setting = drawFrom(SETTING_SHARES, random);
  const difficulty = drawFrom(DIFFICULTY_SHARES[setting], random);
  const reach = setting === 'natural' ? 2.5 : 1.2;
  const within = (value: number): number => Math.max(-3 * reach, Math.min(3 * reach, value * reach));
  const zoom = 1.04 + random.next() * 0.08;
  const shift = (): number => (random.next() * 2 - 1) * (zoom - 1) * 40;
  const camera: Camera = { zoom, shift: [shift(), shift()], light: 0.9 + random.next() * 0.14 };
  return {
    number,
    owner: name,
    licence,
    split,
    city,
    setting,
    difficulty,
    motif: (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0,
    camera,
    firstCamera: camera,
    offsetKm: [within(random.normal()), within(random.normal())],
  };
}
