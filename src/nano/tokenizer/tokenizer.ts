/**
 * Converts text to tokens and back with @huggingface/tokenizers. train-bpe.ts trains the vocabulary, which is stored in
 * the format of Hugging Face's tokenizer.json.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { invalidInput } from '../../core/errors.ts';
import { anyOf, controlTokens, specialTokens } from './special-tokens.ts';
import type { BpeVocabulary } from './train-bpe.ts';

export type Tokenizer = {
  /** Number of tokens. */
  readonly size: number;
  /**
   * Encodes trusted text. A control token's text, such as `<|end|>`, becomes that control token. `decode` restores
   * every well-formed string.
   */
  encode(text: string): number[];
  /** Encodes untrusted text. A control token's text, such as `<|end|>`, stays plain text. */
  encodeText(text: string): number[];
  /** Decodes tokens. Invalid UTF-8 bytes become U+FFFD. With `controls: false`, control tokens are omitted. */
  decode(ids: Iterable<number>, options?: { readonly controls?: boolean }): string;
  /** Returns the text of one token. */
  token(id: number): string;
  /** The content of tokenizer.json. */
  readonly json: TokenizerJson;
};

const tokenizerJson = z.looseObject({
  version: z.string(),
  added_tokens: z.array(z.looseObject({ id: z.number(), content: z.string() })),
  model: z.looseObject({
    type: z.literal('BPE'),
    vocab: z.record(z.string(), z.number()),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
});

export type TokenizerJson = z.infer<typeof tokenizerJson>;

/** Returns the content of tokenizer.json for a trained vocabulary. */
export function tokenizerDocument({ tokens, merges }: BpeVocabulary): TokenizerJson {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const controls: readonly string[] = controlTokens;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: controls.includes(content),
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map(([left, right]): [string, string] => [tokens[left]!, tokens[right]!]),
    },
  };
}

/**
 * Opens a tokenizer from the content of tokenizer.json. Throws `invalid-input` if the content is not a tokenizer of a
 * nano model.
 */
export function openTokenizer(document: unknown, label = 'The tokenizer'): Tokenizer {
  const parsed = tokenizerJson.safeParse(document);
  if (!parsed.success) throw invalidInput(`${label} is not a BPE tokenizer.json: ${z.prettifyError(parsed.error)}`);
  const json = parsed.data;
  for (const [id, content] of specialTokens.entries()) {
    if (!json.added_tokens.some((token) => token.id === id && token.content === content)) {
      throw invalidInput(
        `${label} lacks the token ${content} with id ${id}.`,
        'Use the tokenizer.json of a nano checkpoint.',
      );
    }
  }
  const inner = new HuggingFaceTokenizer(json, { clean_up_tokenization_spaces: false });
  const encode = (text: string): number[] => (text === '' ? [] : inner.encode(text, { add_special_tokens: false }).ids);
  const decode = (ids: number[], skip_special_tokens: boolean): string =>
    ids.length === 0 ? '' : inner.decode(ids, { skip_special_tokens });
  return {
    size: Object.keys(json.model.vocab).length,
    json,
    encode,
    encodeText: (text) => text.split(insideControlToken).flatMap(encode),
    decode: (ids, { controls = true } = {}) => decode([...ids], !controls),
    token: (id) => decode([id], false),
  };
}

/**
 * Matches the position after the '<' of each text that looks like a control token. Splitting the text there keeps the
 * encoder from recognizing a control token.
 */
const insideControlToken = new RegExp(`(?<=<)(?=${anyOf(controlTokens.map((token) => token.slice(1)))})`, 'u');
