/**
 * Writes texts without photos about all cities of the world: what each place is known for, and which place a list of
 * clues suggests. A share of the texts is wrong, and a share leaves the city out.
 */
import { random as seeded, type Random, shuffled } from '../../core/random.ts';
import { locateTarget } from '../../prompts/locate-prompt.ts';
import type { Corpus } from '../../training/corpus.ts';
import type { SftItem } from '../../training/sft-step.ts';
import { evidenceSentence, type Style } from '../annotators/evidence.ts';
import { cityText, countryText } from '../annotators/place-text.ts';
import { closingSentence } from '../annotators/reasoning.ts';
import { CITIES, type City } from '../facts/cities.ts';
import { countryFacts } from '../facts/countries.ts';
import { cluesOf } from './clues.ts';

/** The prompt that asks for the place that the clues suggest. */
const puzzlePrompt = (clues: string): string => `Which place do these clues point to? ${clues}`;
/** The prompt that asks for clues and their place, without a photo. */
const INVENT_PROMPT = 'Describe the clues of a place, then name it.';
/** The prompt that asks for the clues of a place. */
const factPrompt = (place: string): string => `What can be seen in ${place}?`;

export type PuzzleOptions = {
  /** Number of texts. */
  readonly count: number;
  /** Share of texts that name another place of the world. */
  readonly wrong: number;
  /** Of the texts whose clues do not show the city, the share that leaves the city out. */
  readonly open: number;
};

/** A text has from MIN_CLUES to MIN_CLUES + MORE_CLUES - 1 clues, if the plan shows that many. */
const [MIN_CLUES, MORE_CLUES] = [2, 9];

/** Shares of the texts with clues in the prompt and with clues in the answer. All other texts state facts. */
const [IN_PROMPT, IN_ANSWER] = [0.4, 0.45];

export function puzzles({ count, wrong, open }: PuzzleOptions): Corpus {
  return {
    name: 'puzzles',
    items: (_, { seed }) => {
      const random = seeded(seed);
      return Array.from({ length: count }, () => puzzle({ wrong, open, random }));
    },
  };
}

function puzzle({ wrong, open, random }: Omit<PuzzleOptions, 'count'> & { readonly random: Random }): SftItem {
  const city = CITIES[random.integer(CITIES.length)]!;
  const style: Style = random.next() < 0.5 ? 'careful' : 'bold';
  const mentions = shuffled(cluesOf(city, random), random).slice(0, MIN_CLUES + random.integer(MORE_CLUES));
  // Only the clues that the text states count: a landmark that was cut does not show the city.
  const showsCity = mentions.some(({ kind }) => kind === 'landmark' || kind === 'transit');
  const clues = mentions.map((mention) => evidenceSentence(mention, style, random)).join(' ');
  const named = random.next() < wrong ? CITIES[random.integer(CITIES.length)]! : city;
  const form = random.next();
  if (form >= IN_PROMPT + IN_ANSWER) return { prompt: factPrompt(placeText(named, random)), target: clues };
  const leavesOpen = !showsCity && random.next() < open;
  const closing = closingSentence(leavesOpen ? {} : { city: named }, style, random);
  const country = countryText(countryFacts(named.countryCode), random);
  const place = { country, city: leavesOpen ? 'unknown' : cityText(named, random) };
  const ending = closing.replaceAll('{country}', place.country).replaceAll('{city}', place.city);
  return form < IN_PROMPT
    ? { prompt: puzzlePrompt(clues), target: locateTarget({ reasoning: ending, ...place }) }
    : { prompt: INVENT_PROMPT, target: locateTarget({ reasoning: `${clues} ${ending}`, ...place }) };
}

const placeText = (city: City, random: Random): string =>
  `${cityText(city, random)}, ${countryText(countryFacts(city.countryCode), random)}`;
