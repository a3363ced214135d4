/** The list of all views. Each has a setting and the cues that it has room for. */
import type { CueKind } from '../cues.ts';
import type { Setting, Stage } from '../stage.ts';
import * as blank from './blank.ts';
import { cafe, room, station } from './indoor.ts';
import { countryRoad, roadside, viewpoint } from './natural.ts';
import { street } from './street.ts';
import { facades, parking, plaza, skyline, stop } from './urban.ts';

export type View = {
  readonly name: string;
  readonly setting: Setting;
  readonly draw: (stage: Stage) => void;
  /** The cues that the view has room for; empty for views that do not depend on the place. */
  readonly cues: readonly CueKind[];
  /** Relative frequency among the views of its setting. */
  readonly weight: number;
};

export const VIEWS: readonly View[] = [
  {
    name: 'street',
    setting: 'urban',
    draw: street,
    weight: 5,
    cues: [
      'landmark',
      'transit',
      'driving side',
      'centre line',
      'edge line',
      'plate',
      'taxi',
      'script',
      'wall',
      'roof',
      'vegetation',
      'flag',
      'warning sign',
      'direction sign',
    ],
  },
  {
    name: 'facades',
    setting: 'urban',
    draw: facades,
    weight: 3,
    cues: ['landmark', 'transit', 'script', 'wall', 'roof', 'vegetation', 'flag', 'warning sign', 'taxi', 'edge line'],
  },
  {
    name: 'skyline',
    setting: 'urban',
    draw: skyline,
    weight: 2,
    cues: ['landmark', 'flag', 'vegetation', 'script', 'wall', 'roof'],
  },
  {
    name: 'plaza',
    setting: 'urban',
    draw: plaza,
    weight: 3,
    cues: ['landmark', 'flag', 'vegetation', 'script', 'wall', 'roof', 'transit'],
  },
  {
    name: 'stop',
    setting: 'urban',
    draw: stop,
    weight: 2,
    cues: ['transit', 'landmark', 'script', 'wall', 'roof', 'flag', 'warning sign', 'edge line', 'vegetation'],
  },
  {
    name: 'parking',
    setting: 'urban',
    draw: parking,
    weight: 3,
    cues: ['plate', 'landmark', 'script', 'wall', 'roof', 'flag', 'vegetation', 'direction sign', 'taxi', 'edge line'],
  },
  {
    name: 'viewpoint',
    setting: 'natural',
    draw: viewpoint,
    weight: 4,
    cues: ['landmark', 'biome', 'vegetation', 'flag', 'script', 'wall', 'roof'],
  },
  {
    name: 'country road',
    setting: 'natural',
    draw: countryRoad,
    weight: 3,
    cues: [
      'biome',
      'landmark',
      'vegetation',
      'driving side',
      'centre line',
      'edge line',
      'plate',
      'warning sign',
      'flag',
    ],
  },
  {
    name: 'roadside',
    setting: 'natural',
    draw: roadside,
    weight: 2,
    cues: ['biome', 'vegetation', 'plate', 'warning sign', 'flag'],
  },
  {
    name: 'room',
    setting: 'indoor',
    draw: room,
    weight: 4,
    cues: ['socket', 'landmark', 'script', 'flag', 'wall', 'roof', 'vegetation'],
  },
  {
    name: 'café',
    setting: 'indoor',
    draw: cafe,
    weight: 3,
    cues: ['script', 'socket', 'landmark', 'flag', 'wall', 'roof'],
  },
  { name: 'station', setting: 'indoor', draw: station, weight: 3, cues: ['transit', 'script', 'flag'] },
  ...(
    [
      ['bare wall', 'urban', blank.bareWall],
      ['fog', 'urban', blank.fog],
      ['crowd', 'urban', blank.crowd],
      ['shutter', 'urban', blank.shutter],
      ['building site', 'urban', blank.buildingSite],
      ['open sea', 'natural', blank.openSea],
      ['clouds', 'natural', blank.cloudscape],
      ['grassland', 'natural', blank.grassland],
      ['foliage', 'natural', blank.foliage],
      ['plain room', 'indoor', blank.plainRoom],
      ['food', 'indoor', blank.food],
      ['desk', 'indoor', blank.desk],
    ] as const
  ).map(([name, setting, draw]): View => ({ name, setting, draw, weight: 1, cues: [] })),
];

export function viewNamed(name: string): View {
  const view = VIEWS.find((candidate) => candidate.name === name);
  if (view === undefined) throw new RangeError(`Unknown view: "${name}".`);
  return view;
}
