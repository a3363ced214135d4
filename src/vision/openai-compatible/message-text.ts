/**
 * Reads the text of a server's message, which may be a string, a list of parts or an object. Gateways convert between
 * APIs and mix these forms. All of them are accepted, so that no text of the model is lost.
 */

/** A message as the server sent it. Any field may be missing or may have another type. */
export type WireMessage = Readonly<Record<string, unknown>>;

type Written = { readonly thinking: string; readonly text: string };

/**
 * Returns the completion as the model wrote it, including thinking that the server moved to another field.
 *
 * `ended` is true if the model stopped by itself. If such a message contains only thinking, that thinking is the whole
 * answer: the model wrote no tag that ends the thinking, so the server's parser treated the whole text as thinking.
 */
export function messageText(message: WireMessage, { ended }: { readonly ended: boolean }): string {
  const content = readContent(message['content']);
  // vLLM, SGLang, llama.cpp and Ark put thinking into `reasoning_content`. Newer vLLM and OpenRouter use `reasoning`.
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

/** The fields in which OpenAI, Mistral, Anthropic and OpenRouter put the text of a part. */
const TEXT_FIELDS = ['text', 'thinking', 'reasoning', 'summary', 'refusal', 'content', 'value'] as const;

/** Returns the text of a string, a part or a list of parts; "" for anything else, such as an image. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plainText).join('');
  if (!isObject(value)) return '';
  return TEXT_FIELDS.map((field) => plainText(value[field])).find((text) => text !== '') ?? '';
}

/** Converts an object back to JSON text, because some gateways parse a completion that is JSON. */
function structuredText(content: unknown): string {
  if (typeof content === 'number' || typeof content === 'boolean') return String(content);
  return isObject(content) && Object.keys(content).length > 0 ? JSON.stringify(content) : '';
}
