/**
 * The text of a server's message in every form in use: a string, a list of parts, an object. Gateways convert between
 * APIs and mix their forms, so nothing about the form may lose what the model wrote.
 */

/** A message as JSON; no field can be relied on. */
export type WireMessage = Readonly<Record<string, unknown>>;

type Written = { readonly thinking: string; readonly text: string };

/**
 * The completion as the model wrote it, with thinking that the server removed. `ended` tells that the model stopped by
 * itself: reasoning without any content is then the whole answer, because a server's reasoning parser takes text
 * without an end of thinking for thinking.
 */
export function messageText(message: WireMessage, { ended }: { readonly ended: boolean }): string {
  const content = readContent(message['content']);
  // vLLM, SGLang, llama.cpp and Ark call it `reasoning_content`; newer vLLM and OpenRouter `reasoning`.
  const separate =
    plainText(message['reasoning_content']) ||
    plainText(message['reasoning']) ||
    plainText(message['reasoning_details']);
  const thinking = separate || content.thinking;
  const text = content.text.trim() === '' ? plainText(message['refusal']) || content.text : content.text;
  if (thinking === '' || text.includes('<think>')) return text;
  return ended && text.trim() === '' ? thinking : `<think>${thinking}</think>${text}`;
}

function readContent(content: unknown): Written {
  if (!Array.isArray(content)) return { thinking: '', text: plainText(content) || structuredText(content) };
  const thoughts = content.filter(isThought);
  return { thinking: plainText(thoughts), text: plainText(content.filter((part) => !isThought(part))) };
}

const isObject = (value: unknown): value is WireMessage =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isThought = (part: unknown): boolean =>
  isObject(part) && (/think|reason/i.test(String(part['type'])) || 'thinking' in part);

/** Fields that hold the text of a part, in the APIs of OpenAI, Mistral, Anthropic and OpenRouter. */
const TEXT_FIELDS = ['text', 'thinking', 'reasoning', 'summary', 'refusal', 'content', 'value'] as const;

/** The text of a string, a part or a list of parts; empty for anything else, such as an image. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plainText).join('');
  if (!isObject(value)) return '';
  return TEXT_FIELDS.map((field) => plainText(value[field])).find((text) => text !== '') ?? '';
}

/** Gateways parse an answer in JSON into the object that it describes. */
function structuredText(content: unknown): string {
  if (typeof content === 'number' || typeof content === 'boolean') return String(content);
  return isObject(content) && Object.keys(content).length > 0 ? JSON.stringify(content) : '';
}
