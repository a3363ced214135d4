/** Special tokens. They come first in the vocabulary, so that their ids are the same in every checkpoint. */

/**
 * Only the chat template inserts control tokens. `encodeText` treats text that looks like a control token as plain
 * text.
 */
export const controlTokens = ['<|pad|>', '<|image|>', '<|user|>', '<|assistant|>', '<|end|>'] as const;

/**
 * The tags of the answer grammar. A tag is one token, instead of about five without this list. Unlike control tokens,
 * tags in a text are encoded as these tokens.
 */
const tagTokens = ['<think>', '</think>', '<answer>', '</answer>'] as const;

export const specialTokens = [...controlTokens, ...tagTokens] as const;

/** Ids of the control tokens. */
export const tokenIds = { pad: 0, image: 1, user: 2, assistant: 3, end: 4 } as const;

/** Returns the source of a regular expression that matches any of the texts. */
export const anyOf = (texts: readonly string[]): string => texts.map((text) => text.replaceAll('|', '\\|')).join('|');
