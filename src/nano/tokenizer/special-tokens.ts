/** Special tokens. They come first in the vocabulary, so their ids are the same in every checkpoint. */

/** Only the chat template writes these; text from outside that looks like one is never converted (`encodeText`). */
export const controlTokens = ['<|pad|>', '<|image|>', '<|user|>', '<|assistant|>', '<|end|>'] as const;

/** The answer grammar's tags. Each is one token instead of about five; unlike control tokens, any text may contain them. */
const tagTokens = ['<think>', '</think>', '<answer>', '</answer>'] as const;

export const specialTokens = [...controlTokens, ...tagTokens] as const;

/** Ids of the control tokens. */
export const tokenIds = { pad: 0, image: 1, user: 2, assistant: 3, end: 4 } as const;

/** A regular expression's source that matches any of these texts. */
export const anyOf = (texts: readonly string[]): string => texts.map((text) => text.replaceAll('|', '\\|')).join('|');
