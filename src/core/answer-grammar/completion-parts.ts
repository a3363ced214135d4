/**
 * Splits a completion into its thinking, its answer and the remaining text. Models omit, repeat, nest and misspell the
 * tags, so no function here throws, and every character belongs to exactly one part or to a tag.
 */

import { normalMarkup } from './markup.ts';

export type CompletionParts = {
  /** The text inside <think>, <thinking> or <reasoning>; undefined if there is no such tag. */
  readonly thinking?: string;
  /** The text of the last <answer> outside the thinking, or of the last one inside it if there is none outside. */
  readonly answer?: string;
  /** All text outside the thinking and the answer. */
  readonly rest: string;
  /** True if the thinking was opened but never closed. The completion was then probably truncated. */
  readonly truncated: boolean;
  /**
   * True if the text has exactly the form that the prompt requests: <think>…</think> and <answer>…</answer>, once each,
   * in this order, with nothing else.
   */
  readonly wellFormed: boolean;
};

const THINK_OPEN = /<\s*(?:think(?:ing)?|reasoning)\s*>/iu;
const THINK_CLOSE = /<\s*\/\s*(?:think(?:ing)?|reasoning)\s*>/iu;
const ANSWER_OPEN = /<\s*answer\s*>/giu;
const ANSWER_CLOSE = /<\s*\/\s*answer\s*>/iu;
const ANY_TAG = /<\s{0,9}\/?\s{0,9}(?:think(?:ing)?|reasoning|answer)\s{0,9}>/giu;
const FORM = ['<think>', '</think>', '<answer>', '</answer>'];

/**
 * Separates the thinking from the other text. A closing tag without an opening one means that the prompt contained the
 * opening tag.
 */
function takeThinking(text: string): { thinking?: string; outside: string; truncated: boolean } {
  const open = THINK_OPEN.exec(text);
  const close = THINK_CLOSE.exec(text);
  if (open === null && close === null) return { outside: text, truncated: false };
  if (close === null) {
    const start = open!.index;
    return { thinking: text.slice(start + open![0].length), outside: text.slice(0, start), truncated: true };
  }
  const closeEnd = close.index + close[0].length;
  if (open === null || open.index > close.index) {
    return { thinking: text.slice(0, close.index), outside: text.slice(closeEnd), truncated: false };
  }
  return {
    thinking: text.slice(open.index + open[0].length, close.index),
    outside: `${text.slice(0, open.index)}\n${text.slice(closeEnd)}`,
    truncated: false,
  };
}

/** Separates the last answer from the text. An answer without a closing tag extends to the end of the text. */
function takeLastAnswer(text: string): { answer: string; rest: string } | undefined {
  const open = [...text.matchAll(ANSWER_OPEN)].at(-1);
  if (open === undefined) return undefined;
  const inside = text.slice(open.index + open[0].length);
  const close = ANSWER_CLOSE.exec(inside);
  const before = text.slice(0, open.index);
  if (close === null) return { answer: inside, rest: before };
  return { answer: inside.slice(0, close.index), rest: `${before}\n${inside.slice(close.index + close[0].length)}` };
}

/**
 * Splits a completion into its parts. The control tokens and thinking tags of chat formats are first converted to
 * <think> and <answer>.
 */
export function completionParts(text: string): CompletionParts {
  const { thinking, outside, truncated } = takeThinking(normalMarkup(text));
  const found = takeLastAnswer(outside);
  const nested = found === undefined && thinking !== undefined ? takeLastAnswer(thinking) : undefined;
  const answer = found?.answer ?? nested?.answer;
  const thought = nested?.rest ?? thinking;
  return {
    ...(thought !== undefined && { thinking: thought.trim() }),
    ...(answer !== undefined && { answer: answer.trim() }),
    rest: (found?.rest ?? outside).trim(),
    truncated,
    wellFormed: isWellFormed(text),
  };
}

/**
 * True if the text has the four tags once each and in order, and only white space outside the thinking and the answer.
 */
function isWellFormed(text: string): boolean {
  const tags: RegExpExecArray[] = [];
  for (const tag of text.matchAll(ANY_TAG)) {
    if (tag[0] !== FORM[tags.length]) return false;
    tags.push(tag);
  }
  if (tags.length < FORM.length) return false;
  const [open, closed, answer, end] = tags.map(({ index }) => index);
  const between = [
    text.slice(0, open),
    text.slice(closed! + FORM[1]!.length, answer),
    text.slice(end! + FORM[3]!.length),
  ];
  return between.every((part) => part.trim() === '');
}
