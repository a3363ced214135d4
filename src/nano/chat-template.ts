/**
 * Converts a request to tokens: `<|image|><|user|>{system}\n\n{prompt}<|end|><|assistant|>`, then the answer and
 * `<|end|>`. The model inserts the encoded image before all of these tokens. Prompts and answers are encoded as plain
 * text, so text such as `<|end|>` inside them does not become a control token.
 */
import { tokenIds } from './tokenizer/special-tokens.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';

export type ChatRequest = {
  readonly system?: string;
  readonly prompt: string;
  readonly image: boolean;
};

/** Returns the tokens of a request up to the start of the answer. */
export function promptTokens({ system, prompt, image }: ChatRequest, tokenizer: Tokenizer): number[] {
  const words = system === undefined ? prompt : `${system}\n\n${prompt}`;
  return [
    ...(image ? [tokenIds.image] : []),
    tokenIds.user,
    ...tokenizer.encodeText(words),
    tokenIds.end,
    tokenIds.assistant,
  ];
}

/** Returns the tokens of a training answer, including the end token. */
export const answerTokens = (answer: string, tokenizer: Tokenizer): number[] => [
  ...tokenizer.encodeText(answer),
  tokenIds.end,
];

/** The same template in Jinja, for tools that read tokenizer_config.json. */
export const CHAT_TEMPLATE = `{% if image %}<|image|>{% endif %}{% for m in messages %}{% if m.role == 'assistant' %}<|assistant|>{{ m.content }}<|end|>{% elif m.role == 'system' %}<|user|>{{ m.content }}\n\n{% else %}{% if loop.first or messages[loop.index0 - 1].role != 'system' %}<|user|>{% endif %}{{ m.content }}<|end|>{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`;
