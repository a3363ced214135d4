/**
 * How a request becomes tokens: `<|image|><|user|>{system}\n\n{prompt}<|end|><|assistant|>`, then the answer and
 * `<|end|>`. The positions of the encoded image precede all of these. Text from outside never becomes control tokens.
 */
import { tokenIds } from './tokenizer/special-tokens.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';

export type ChatRequest = {
  readonly system?: string;
  readonly prompt: string;
  /** Whether the request has an image. */
  readonly image: boolean;
};

/** The tokens of a request, up to the point where the answer begins. */
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

/** The tokens of an answer including its end, as a model is trained to write them. */
export const answerTokens = (answer: string, tokenizer: Tokenizer): number[] => [
  ...tokenizer.encodeText(answer),
  tokenIds.end,
];

/** The same template for tools that read tokenizer_config.json. */
export const CHAT_TEMPLATE = `{% if image %}<|image|>{% endif %}{% for m in messages %}{% if m.role == 'assistant' %}<|assistant|>{{ m.content }}<|end|>{% elif m.role == 'system' %}<|user|>{{ m.content }}\n\n{% else %}{% if loop.first or messages[loop.index0 - 1].role != 'system' %}<|user|>{% endif %}{{ m.content }}<|end|>{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`;
