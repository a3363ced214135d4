/**
 * The rewards of the released GRPO plugin, fault for fault, so that runs can be compared and its numbers regression
 * tested. Never the default. What is wrong with it is listed in docs/decisions/0007-reward-modes.md.
 */
import { scored, unscored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

/** A name matches when one contains the other and the shorter has at least this share of the longer's characters. */
const LEAST_LENGTH_SHARE = 0.7;

/** Lengths are counted in code points, before lower-casing, as the plugin's language does. */
const lengthOf = (text: string): number => Array.from(text).length;

export function referenceNamesMatch(predicted: string, truth: string): boolean {
  const [predictedLength, truthLength] = [lengthOf(predicted), lengthOf(truth)];
  if (predictedLength === 0) return false;
  const [a, b] = [predicted.toLowerCase(), truth.toLowerCase()];
  return (
    (b.includes(a) && predictedLength / truthLength >= LEAST_LENGTH_SHARE) ||
    (a.includes(b) && truthLength / predictedLength >= LEAST_LENGTH_SHARE)
  );
}

/** The text after a lower-case label up to the line's end: "country: Finland, city: Helsinki" is all country. */
function labelled(answer: string, label: 'country' | 'city'): string {
  return (new RegExp(`${label}:\\s*([^\\n]+)`, 'u').exec(answer)?.[1] ?? '').trim().toLowerCase();
}

/** 1 for country and city, 0.2 for the country alone, else 0. */
export function referenceAccuracy(): Reward {
  return pureReward('accuracy/reference', ({ completion, truth }) => {
    const answer = (/<answer>([\s\S]*?)<\/answer>/u.exec(completion)?.[1] ?? '').trim();
    const country = referenceNamesMatch(labelled(answer, 'country'), truth.country);
    const city = referenceNamesMatch(labelled(answer, 'city'), truth.city ?? '');
    return scored(country && city ? 1 : country ? 0.2 : 0, { country, city });
  });
}

/** The share of the dataset's tags that occur anywhere in the thinking, inside words too: a recall, not a precision. */
export function referenceVisual(): Reward {
  return pureReward('visual/reference', ({ completion, entityTags }) => {
    if (entityTags === undefined) return unscored('the row has no entity tags');
    const tags = new Set(entityTags.map((tag) => tag.toLowerCase()));
    const thinking = completion.split('</think>')[0]!.replaceAll('<think>', '').toLowerCase();
    const matched = [...tags].filter((tag) => thinking.includes(tag));
    return scored(tags.size === 0 ? 0 : matched.length / tags.size, { matched });
  });
}

/** The engine's format reward that the release adds: the tags in order, anything between them. */
export function referenceFormat(): Reward {
  return pureReward('format/reference', ({ completion }) =>
    scored(/^<think>[\s\S]*?<\/think>\s*<answer>[\s\S]*?<\/answer>(?![\s\S])/u.test(completion) ? 1 : 0),
  );
}
