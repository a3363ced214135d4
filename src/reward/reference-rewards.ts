/**
 * The rewards of the released GRPO plugin with all their faults, for comparisons with the release and for regression
 * tests. They are never the default. docs/decisions/0007-reward-modes.md lists the faults.
 */
import { scored, unscored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

/**
 * Two names match if one contains the other and the shorter name has at least this share of the longer name's length.
 */
const MIN_LENGTH_SHARE = 0.7;

const BEYOND_LATIN1 = /[\u0100-\u{10FFFF}]/u;

/**
 * Returns the length in code points, because the plugin is in Python. Callers measure names before lower-casing, which
 * can change the length.
 */
const lengthOf = (text: string): number => (BEYOND_LATIN1.test(text) ? Array.from(text).length : text.length);

export function referenceNamesMatch(predicted: string, truth: string): boolean {
  const [predictedLength, truthLength] = [lengthOf(predicted), lengthOf(truth)];
  if (predictedLength === 0) return false;
  const [a, b] = [predicted.toLowerCase(), truth.toLowerCase()];
  return (
    (b.includes(a) && predictedLength / truthLength >= MIN_LENGTH_SHARE) ||
    (a.includes(b) && truthLength / predictedLength >= MIN_LENGTH_SHARE)
  );
}

/** Each label's text extends to the end of the line, so "country: Finland, city: Helsinki" gives a wrong country. */
const LABELLED = { country: /country:\s*([^\n]+)/u, city: /city:\s*([^\n]+)/u } as const;

const labelled = (answer: string, label: keyof typeof LABELLED): string =>
  (LABELLED[label].exec(answer)?.[1] ?? '').trim().toLowerCase();

/** Returns the text between the first <answer> and the next </answer>, or "" if either is missing. */
function firstAnswer(completion: string): string {
  const open = completion.indexOf('<answer>');
  const close = open === -1 ? -1 : completion.indexOf('</answer>', open + '<answer>'.length);
  return close === -1 ? '' : completion.slice(open + '<answer>'.length, close).trim();
}

/** Creates the reward: 1 for country and city, 0.2 for only the country, else 0. */
export function referenceAccuracy(): Reward {
  return pureReward('accuracy/reference', ({ completion, truth }) => {
    const answer = firstAnswer(completion);
    const country = referenceNamesMatch(labelled(answer, 'country'), truth.country);
    const city = referenceNamesMatch(labelled(answer, 'city'), truth.city ?? '');
    return scored(country && city ? 1 : country ? 0.2 : 0, { country, city });
  });
}

/**
 * Creates the reward: the share of the dataset's tags that occur anywhere in the thinking, even inside other words. It
 * measures recall.
 */
export function referenceVisual(): Reward {
  return pureReward('visual/reference', ({ completion, entityTags }) => {
    if (entityTags === undefined) return unscored('the row has no entity tags');
    const tags = new Set(entityTags.map((tag) => tag.toLowerCase()));
    const close = completion.indexOf('</think>');
    const thinking = (close === -1 ? completion : completion.slice(0, close)).replaceAll('<think>', '').toLowerCase();
    const matched = [...tags].filter((tag) => thinking.includes(tag));
    return scored(tags.size === 0 ? 0 : matched.length / tags.size, { matched });
  });
}

/**
 * Creates the training engine's format reward, which the release uses: 1 if the tags are in order, whatever they
 * enclose.
 */
export function referenceFormat(): Reward {
  return pureReward('format/reference', ({ completion }) => scored(hasTagsInOrder(completion) ? 1 : 0));
}

/**
 * True if the completion matches `^<think>.*?</think>\s*<answer>.*?</answer>$`. To avoid backtracking, it searches only
 * for the first `</think>\s*<answer>`.
 */
function hasTagsInOrder(completion: string): boolean {
  if (!completion.startsWith('<think>') || !completion.endsWith('</answer>')) return false;
  const seam = /<\/think>\s*<answer>/gu;
  seam.lastIndex = '<think>'.length;
  return seam.test(completion) && seam.lastIndex <= completion.length - '</answer>'.length;
}
