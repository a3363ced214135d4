/**
 * Trains a byte-level BPE vocabulary by repeatedly joining the most frequent pair of neighbouring tokens. Counts are
 * updated at each merge, only in words with the pair, so that a few megabytes of text take seconds.
 * @huggingface/tokenizers encodes with the result.
 */
import { invalidInput } from '../../core/errors.ts';
import { byteCharacters } from './byte-alphabet.ts';
import { PairQueue } from './pair-queue.ts';
import { anyOf, specialTokens } from './special-tokens.ts';

/**
 * Pattern of the words that text is split into; no merge joins two words. It is GPT-2's, as in tokenizer.json's
 * ByteLevel.
 */
const WORD = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Size of the part that every vocabulary begins with: the special tokens and the 256 bytes. */
export const BASE_VOCABULARY = specialTokens.length + 256;

export type TrainBpeOptions = {
  /**
   * Number of tokens in the result, including special tokens and bytes; smaller if the text runs out of repeated pairs.
   */
  readonly vocabularySize: number;
};

export type BpeVocabulary = {
  /** Token text (in byte characters) by id. */
  readonly tokens: readonly string[];
  /** Pairs of ids in merge order; merge i creates token BASE_VOCABULARY + i. */
  readonly merges: readonly (readonly [number, number])[];
};

type Word = { readonly ids: number[]; readonly count: number };

/** Learns a vocabulary from texts. Equal texts give equal vocabularies; ties go to the pair with the smaller ids. */
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

/** Splits texts into distinct words, as byte ids with counts, in order of first appearance. */
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

/** Joins a pair in one word, from the left, and moves the counts of the neighbouring pairs. */
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
