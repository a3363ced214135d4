/**
 * Lists words that occur around a place name. Some say that the place is unknown ("Unknown"). Others qualify a name but
 * do not change its place ("near Kharkiv", "Taichung City", "Berlin suburbs").
 */
import { fold } from './fold.ts';

/** Words that say that a place is unknown. */
const DENIALS =
  'unknown unidentified unnamed unspecified undetermined undefined indeterminate unclear uncertain none null nil nan na ' +
  'not no cannot anytown somewhere anywhere nowhere placeholder';
const DENIES = new Set(DENIALS.split(' '));
/** A text that consists only of these words names no place, unless it is itself a name ("South Africa"). */
const SAYS_NOTHING = new Set(
  (
    `${DENIALS} ` +
    'n a specified determined available applicable possible identifiable any some ' +
    'generic typical name names x y or and of in the on at with to from by for likely possibly probably perhaps ' +
    'city town village country county state province region regional area location place site settlement suburb suburban suburbs ' +
    'urban rural remote coastal inland mountainous mountain tropical subtropical temperate desert forest rainforest jungle beach ' +
    'island countryside neighborhood neighbourhood community residential local small large major big ' +
    'north south east west northern southern eastern western central middle mid upper lower ' +
    'europe european africa african asia asian america american americas oceania antarctica mediterranean latin ' +
    'caribbean scandinavia scandinavian balkan balkans baltic southeast northeast northwest southwest sub saharan world earth ' +
    'ocean sea open water coast lake river road street field determine be influence spanish speaking english french'
  ).split(' '),
);
const PREFIXES = [
  'near',
  'close to',
  'around',
  'outside of',
  'outside',
  'just outside',
  'outskirts of',
  'on the outskirts of',
  'suburb of',
  'suburbs of',
  'a suburb of',
  'somewhere in',
  'somewhere near',
  'vicinity of',
  'in the vicinity of',
  'surroundings of',
  'probably',
  'possibly',
  'likely',
  'approximately',
  'approximate location of',
  'approximate location in',
  'approximate center of',
  'approximate centre of',
  'perhaps',
  'city of',
  'town of',
  'village of',
  'municipality of',
  'metropolitan city of',
  'metropolitan area of',
  'borough of',
  'county of',
  'county',
  'commune of',
  'comune di',
  'district of',
  'province of',
  'region of',
  'state of',
  'prefecture of',
  'island of',
  'isle of',
  'islands of',
  'downtown',
  'central',
  'greater',
  'metropolitan',
  'metro',
  'inner',
  'old town of',
  'old city of',
  'old town',
  'old city',
  'old',
  'historic center of',
  'historic centre of',
  'historical center of',
  'historic',
  'city center of',
  'city centre of',
  'center of',
  'centre of',
  'town center of',
  'rural',
  'suburban',
  'urban',
  'coastal',
  'northern',
  'southern',
  'eastern',
  'western',
  'north of',
  'south of',
  'east of',
  'west of',
  'northeast of',
  'northwest of',
  'southeast of',
  'southwest of',
];
const SUFFIXES = [
  'metropolitan area',
  'metropolitan region',
  'metropolitan city',
  'metropolitan municipality',
  'metropolitan district',
  'metro area',
  'metro',
  'urban area',
  'greater area',
  'bay area',
  'area',
  'city center',
  'city centre',
  'town center',
  'town centre',
  'historic center',
  'historic centre',
  'old town',
  'old city',
  'downtown',
  'center',
  'centre',
  'suburbs',
  'suburb',
  'outskirts',
  'surroundings',
  'vicinity',
  'countryside',
  'special administrative region',
  'special city',
  'capital region',
  'city',
  'town',
  'village',
  'township',
  'municipality',
  'commune',
  'borough',
  'district',
  'county',
  'parish',
  'region',
  'province',
  'prefecture',
  'governorate',
  'department',
  'state',
  'oblast',
  'krai',
  'kray',
  'raion',
  'rayon',
  'canton',
  'island',
  'islands',
  'shi',
  'ku',
  'cho',
  'machi',
  'gun',
  'si',
  'do',
  'gu',
  // Words for landmarks that are often named after their city.
  'zoo',
  'cathedral',
  'city hall',
  'opera house',
  'harbour bridge',
  'tower',
  'art museum',
  'international airport',
  'railway station',
  'train station',
  'convention center',
  'convention centre',
  'botanic garden',
  'botanic gardens',
  'botanical garden',
  'botanical gardens',
  'estimated',
  'approximate',
  'approximate location',
  'approx',
];

/** Words for sights and for parts of a city, which appear before or after the city's name. */
const SIGHTS = new Set(
  (
    'tower temple shrine park museum palace castle bridge square street station church cathedral basilica mosque abbey ' +
    'monastery beach market harbor harbour port airport stadium arena zoo garden gardens monument memorial statue gate wall ' +
    'fort fortress ruins hall opera theatre theater university college school hospital hotel mall plaza avenue road boulevard ' +
    'lane highway pier quay promenade waterfront riverside quarter neighborhood neighbourhood district area downtown centre ' +
    'center lake river bay falls mountain mount hill valley canyon cave coast island trail reserve forest wat torii louvre ' +
    'colosseum acropolis kremlin'
  ).split(' '),
);

/** True if the folded name contains a word for a sight or for a part of a city. */
export const isSight = (folded: string): boolean => folded.split(' ').some((word) => SIGHTS.has(word));

/** True if the text is empty or consists only of words that name no place. */
export const isUnspecified = (text: string): boolean => saysNothing(fold(text));

/** True if every word of the folded text is uninformative. Stops at the first other word, which is usually the first. */
function saysNothing(folded: string): boolean {
  for (let start = 0; start <= folded.length;) {
    const space = folded.indexOf(' ', start);
    const end = space === -1 ? folded.length : space;
    if (end > start && !SAYS_NOTHING.has(folded.slice(start, end))) return false;
    start = end + 1;
  }
  return true;
}

const ARTICLE = /^the (?=.)/;

/**
 * The city and province of Nan in Thailand. Programs write a missing value as "nan" or "NaN", so only this exact
 * spelling is a name.
 */
const NAN = 'Nan';

/** True for an explicit denial ("N/A", "unknown city", "None"), even if a town has that name. */
export function isDenial(text: string): boolean {
  if (text.trim() === NAN) return false;
  const words = fold(text).split(' ');
  return isUnspecified(text) && (words.some((word) => DENIES.has(word)) || words.join('') === 'na');
}

const byFirstWord = Map.groupBy(PREFIXES, (prefix) => prefix.split(' ')[0]!);
const byLastWord = Map.groupBy(SUFFIXES, (suffix) => suffix.split(' ').at(-1)!);
const ONE_WORD = { prefix: new Set(PREFIXES), suffix: new Set(SUFFIXES) } as const;

/**
 * True if the folded word qualifies names in this position: `prefix` means before a name, `suffix` after it
 * ("district").
 */
export const isQualifier = (word: string, where: 'prefix' | 'suffix'): boolean => ONE_WORD[where].has(word);

const MAX_FORMS = 12;

/**
 * Returns forms of a folded name in this order: the name itself; the name with qualifiers removed one by one from both
 * ends; and the name with "city" appended (Ho Chi Minh City). There are at most about twelve forms. Uninformative forms
 * are omitted.
 */
export function formsOf(folded: string): string[] {
  const forms = new Set([folded]);
  // The loop over a set includes entries added during the loop, so several qualifiers are removed one after another.
  for (const form of forms) {
    for (const prefix of byFirstWord.get(form.slice(0, form.indexOf(' '))) ?? []) {
      if (form.startsWith(`${prefix} `)) forms.add(form.slice(prefix.length + 1));
    }
    for (const suffix of byLastWord.get(form.slice(form.lastIndexOf(' ') + 1)) ?? []) {
      if (form.endsWith(` ${suffix}`)) forms.add(form.slice(0, -suffix.length - 1));
    }
    if (forms.size >= MAX_FORMS) break;
  }
  const named = [...forms].filter((form) => form === folded || !saysNothing(form.replace(ARTICLE, '')));
  return [...named, `${folded} city`];
}
