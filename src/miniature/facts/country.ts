/**
 * The types of the fact tables in this folder. The tables say what photos of each country show besides landmarks. Where
 * a country has several variants of a fact, most tables list only the most common one. Scenes use no other facts.
 */
import type { Iso2 } from '../../core/place.ts';
import type { ColourName } from '../draw/colour.ts';
import type { Script } from '../draw/glyphs.ts';
import type { Flag } from '../draw/flag.ts';

export const CONTINENTS = ['Europe', 'Asia', 'Africa', 'North America', 'South America', 'Oceania'] as const;
export type Continent = (typeof CONTINENTS)[number];

/**
 * Rear plate of a private car. 'long' plates are about 520 × 110 mm; 'short' ones about twice as wide as high. Where
 * every state has its own design (United States, Mexico, Australia), one design stands for all states.
 */
export type Plate = {
  readonly ground: ColourName;
  readonly format: 'long' | 'short';
  /** Position and colour of a strip with the code of the country or the emblem of a union such as the EU. */
  readonly band?: 'left blue' | 'both blue' | 'top blue' | 'right flag';
};

export type WallStyle =
  | 'brick'
  | 'limestone'
  | 'whitewashed'
  | 'pastel'
  | 'ochre'
  | 'tiled'
  | 'half-timbered'
  | 'concrete panel'
  | 'clapboard'
  | 'red wooden'
  | 'corrugated'
  | 'adobe'
  | 'glass'
  | 'bright painted'
  | 'grey brick';

export type RoofStyle =
  | 'slate'
  | 'terracotta'
  | 'red tiled'
  | 'mansard'
  | 'stepped gable'
  | 'flat'
  | 'shingle'
  | 'metal'
  | 'red metal'
  | 'green metal'
  | 'curved tiled'
  | 'blue tiled'
  | 'thatched'
  | 'pointed temple';

export type Tree =
  | 'palm'
  | 'conifer'
  | 'broadleaf'
  | 'acacia'
  | 'cypress'
  | 'cactus'
  | 'eucalyptus'
  | 'birch'
  | 'bamboo'
  | 'tree fern'
  | 'olive'
  | 'baobab'
  | 'cherry'
  | 'araucaria'
  | 'banana';

export type Biome =
  | 'beach'
  | 'desert'
  | 'savanna'
  | 'steppe'
  | 'meadow'
  | 'taiga'
  | 'alpine'
  | 'fjord'
  | 'rainforest'
  | 'rice terrace'
  | 'vineyard'
  | 'volcano'
  | 'red desert'
  | 'tulip field'
  | 'tea plantation'
  | 'lava field';

export type WarningSign = 'white triangle' | 'yellow triangle' | 'yellow diamond';
/** IEC type letter of the power sockets in homes. */
export type Socket = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'L' | 'M' | 'N';

export type Country = {
  readonly code: Iso2;
  readonly continent: Continent;
  readonly drivesOn: 'left' | 'right';
  readonly script: Script;
  readonly plate: Plate;
  readonly flag: Flag;
  readonly centreLine: 'white' | 'yellow';
  readonly edgeLine: 'white' | 'yellow';
  readonly warningSign: WarningSign;
  /** Background colour of direction signs on main roads. */
  readonly directionSign: ColourName;
  readonly wall: WallStyle;
  readonly roof: RoofStyle;
  readonly trees: readonly [Tree, ...Tree[]];
  readonly biomes: readonly [Biome, ...Biome[]];
  readonly socket: Socket;
  /** Colours of taxis, if they have standard ones: the body, then the roof, doors or stripe. */
  readonly taxi?: readonly [ColourName, ColourName];
};

const BANDS: Readonly<Record<NonNullable<Plate['band']>, string>> = {
  'left blue': 'blue-banded',
  'both blue': 'double-banded',
  'top blue': 'blue-topped',
  'right flag': 'flag-marked',
};

/** Names a plate by its looks: "short white licence plate", "blue-banded yellow licence plate". */
export function plateName({ ground, format, band }: Plate): string {
  const words = [format === 'short' ? 'short' : '', band === undefined ? '' : BANDS[band], ground, 'licence plate'];
  return words.filter((word) => word !== '').join(' ');
}
