/** Special tokens. They are first in the vocabulary, so their ids are the same in every checkpoint. */

/** Only the chat template inserts control tokens. `encodeText` never converts text from outside to a control token. */
export const controlTokens = ['<|pad|>', '<|image|>', '<|user|>', '<|assistant|>', '<|end|>'] as const;

/** The tags of the answer grammar, as single tokens instead of about five each. Text from outside may contain them. */
const tagTokens = ['<think>', '</think>', '<answer>', '</answer>'] as const;

export const specialTokens = [...controlTokens, ...tagTokens] as const;

/** Ids of the control tokens. */
export const tokenIds = { pad: 0, image: 1, user: 2, assistant: 3, end: 4 } as const;

/** Returns the source of a regular expression that matches any of these texts. */
export const anyOf = (texts: readonly string[]): string => texts.map((text) => text.replaceAll('|', '\\|')).join('|');
