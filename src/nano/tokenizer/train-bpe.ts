/**
 * Trains a byte-level BPE vocabulary by repeatedly joining the most frequent pair of neighbouring tokens. Each merge
 * updates counts only in the words that contain the pair, so a few megabytes of text take seconds. tokenizer.ts encodes
 * with the result.
 */
import { invalidInput } from '../../core/errors.ts';
import { byteCharacters } from './byte-alphabet.ts';
import { PairQueue } from './pair-queue.ts';
import { anyOf, specialTokens } from './special-tokens.ts';

/**
 * Splits text into words. A merge never joins tokens of different words. The pattern is GPT-2's, which ByteLevel in
 * tokenizer.json also uses.
 */
const WORD = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Number of tokens at the start of every vocabulary: the special tokens and the 256 bytes. */
export const BASE_VOCABULARY = specialTokens.length + 256;

export type TrainBpeOptions = {
  /**
   * Size of the vocabulary, including special tokens and bytes. The result is smaller if no pair occurs twice any more.
   */
  readonly vocabularySize: number;
};

export type BpeVocabulary = {
  /** Text of each token by id, written with the characters of byte-alphabet.ts. */
  readonly tokens: readonly string[];
  /** Pairs of ids in merge order; merge i creates token BASE_VOCABULARY + i. */
  readonly merges: readonly (readonly [number, number])[];
};

type Word = { readonly ids: number[]; readonly count: number };

/**
 * Trains a vocabulary. The result is deterministic: if several pairs are equally frequent, the pair with the smaller
 * ids is joined.
 */
export function trainBpe(texts: Iterable<string>, { vocabularySize }: TrainBpeOptions): BpeVocabulary {
  if (!Number.isInteger(vocabularySize) || vocabularySize < BASE_VOCABULARY || vocabularySize > 65_536) {
    throw invalidInput(
      `Invalid vocabulary size: ${vocabularySize}.`,
      `Use a whole number from ${BASE_VOCABULARY} to 65536.`,
    );
  }
  const words = countWords(texts);
  const queue = new PairQueue();
  for (const [index, { ids, count }] of words.entries()) {
    for (let i = 0; i + 1 < ids.length; i++) queue.change(ids[i]!, ids[i + 1]!, count, index);
  }
  const tokens = [...specialTokens, ...byteCharacters];
  const merges: [number, number][] = [];
  while (tokens.length < vocabularySize) {
    const best = queue.pop();
    if (best === undefined || best.count < 2) break;
    const { left, right } = best;
    for (const index of best.words) merge(words[index]!, { left, right, joined: tokens.length }, index, queue);
    merges.push([left, right]);
    tokens.push(tokens[left]! + tokens[right]!);
  }
  return { tokens, merges };
}

/** Splits texts into distinct words, in order of first appearance, and counts them. A word is a list of byte ids. */
function countWords(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>();
  const special = new RegExp(anyOf(specialTokens), 'g');
  for (const text of texts) {
    for (const section of text.split(special)) {
      for (const [word] of section.matchAll(WORD)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const encoder = new TextEncoder();
  return [...counts].map(([word, count]) => ({
    ids: Array.from(encoder.encode(word), (byte) => specialTokens.length + byte),
    count,
  }));
}

/** Joins all occurrences of a pair in a word, from left to right, and updates the counts of the neighbouring pairs. */
function merge(
  { ids, count }: Word,
  { left, right, joined }: { left: number; right: number; joined: number },
  index: number,
  queue: PairQueue,
): void {
  for (let i = 0; i + 1 < ids.length; i++) {
    if (ids[i] !== left || ids[i + 1] !== right) continue;
    if (i > 0) {
      queue.change(ids[i - 1]!, left, -count, index);
      queue.change(ids[i - 1]!, joined, count, index);
    }
    if (i + 2 < ids.length) {
      queue.change(right, ids[i + 2]!, -count, index);
      queue.change(joined, ids[i + 2]!, count, index);
    }
    ids.splice(i, 2, joined);
  }
}
