/** Converts the control tokens and brackets of chat formats to the tags of the prompt: <think> and <answer>. */

/** Matches tags around the thinking, in angle or square brackets: <think>, [THINK], <|thinking|>, ◁think▷. */
const THINKING_TAG =
  /(?:[<[]\s{0,3}|<\||◁)(\/?)\s{0,3}(?:seed:)?(?:think(?:ing)?|thoughts?|reasoning|reason|analysis|scratchpad|reflection)\s{0,3}(?:\|>|[>\]]|▷)/giu;
/** Matches the tag that opens GLM's answer box, and other marks that start the final answer. */
const BOX_OPEN = /<\|?\s?(?:begin_of_box|begin_of_solution|box_start|final_answer)\s?\|?>/gu;
const BOX_CLOSE = /<\|?\s?(?:end_of_box|end_of_solution|box_end|\/final_answer)\s?\|?>/gu;
/** Matches a token that starts a channel of gpt-oss or Gemma. The channel extends to the next such token. */
const CHANNEL =
  /<\|channel\|?>\s{0,3}(\w{0,20})[^\n<]{0,60}?(?:<\|message\|>|\n|(?=<)|$)|<(?:\||unused9[45])?channel\|>|<unused9([45])>(?:thought)?/gu;
/** Matches the start of a gpt-oss completion without its special tokens: "analysis…assistantfinal…". */
const BARE_CHANNELS = /^\s{0,9}analysis(?=[\p{Lu}\s])/u;
const BARE_FINAL = /assistant\s?final\s?(?:message)?/gu;
/** Matches other control tokens of chat formats, which have no content. */
const CONTROL =
  /<\|(?:im_start|im_end|start|end|return|message|call|eot_id|eom_id|endoftext|end_of_text|assistant|user|system|constrain|begin_of_text|start_header_id|end_header_id)\|>|<\/?s>|<(?:start|end)_of_turn>(?:model|user)?|<eos>|<bos>|<\|?end▁of▁sentence\|?>|<｜[^｜<>]{1,30}｜>/gu;

const MAX_BOX_CHARACTERS = 400;

/** Converts the chat markup of a text to <think> and <answer> tags, in linear time. */
export function normalMarkup(text: string): string {
  return withThinkTags(withChannels(text))
    .replaceAll(BOX_OPEN, '<answer>')
    .replaceAll(BOX_CLOSE, '</answer>')
    .replaceAll(CONTROL, ' ');
}

const STANDARD = /^<\s*\/?\s*(?:think(?:ing)?|reasoning)\s*>$/iu;

function withThinkTags(text: string): string {
  return text.replaceAll(THINKING_TAG, (tag, slash: string) =>
    STANDARD.test(tag) ? tag : slash === '' ? '<think>' : '</think>',
  );
}

/** Encloses thinking channels in <think> tags. Without special tokens, all text before the last "final" is thinking. */
function withChannels(text: string): string {
  if (BARE_CHANNELS.test(text)) {
    const final = [...text.matchAll(BARE_FINAL)].at(-1);
    const body = text.replace(BARE_CHANNELS, '');
    if (final === undefined) return `<think>${body}`;
    const at = final.index - (text.length - body.length);
    return `<think>${body.slice(0, at)}</think>${body.slice(at + final[0].length)}`;
  }
  if (!/channel|<unused9/u.test(text)) return text;
  let open = false;
  const rewritten = text.replaceAll(CHANNEL, (_, name: string | undefined, unused: string | undefined) => {
    const thinks =
      unused === '4' || (name !== undefined && /^(?:analysis|commentary|thought|thinking|think)$/iu.test(name));
    const tag = thinks && !open ? '<think>' : !thinks && open ? '</think>' : '\n';
    open = thinks;
    return tag;
  });
  return rewritten;
}

/**
 * Replaces each \boxed{…} by its content without TeX. If the text has no <answer> tags, encloses the content in them.
 * Models trained on mathematics write their conclusion in such a box.
 */
export function withoutBoxes(text: string): string {
  if (!text.includes('\\boxed')) return text;
  const tagged = /<\s*answer\s*>/iu.test(text);
  let rewritten = '';
  let from = 0;
  for (let at = text.indexOf('\\boxed'); at !== -1; at = text.indexOf('\\boxed', Math.max(from, at + 1))) {
    const content = bracesAfter(text, at + '\\boxed'.length);
    if (content === undefined) continue;
    const plain = withoutTex(text.slice(content.start, content.end));
    rewritten += `${text.slice(from, at)}${tagged ? plain : `<answer>${plain}</answer>`}`;
    from = content.end + 1;
  }
  return rewritten + text.slice(from);
}

function bracesAfter(text: string, index: number): { readonly start: number; readonly end: number } | undefined {
  const start = text[index] === ' ' ? index + 1 : index;
  if (text[start] !== '{') return undefined;
  let depth = 0;
  for (let i = start; i < Math.min(text.length, start + MAX_BOX_CHARACTERS); i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return { start: start + 1, end: i };
  }
  return undefined;
}

function withoutTex(text: string): string {
  const isJson = /["'}]\s?:/u.test(text);
  return text
    .replaceAll(/\^\s?\{?\s?\\circ\s?\}?|\\degree\b/gu, '°')
    .replaceAll(
      /\\(?:text(?:bf|it|rm|sf|tt|up|normal)?|math(?:rm|bf|it|sf|tt)|mbox|operatorname|boldsymbol|emph|large|Large|displaystyle)\b\s?/gu,
      '',
    )
    .replaceAll(/\\[,;:! ]|\\q?quad\b|~/gu, ' ')
    .replaceAll(/\\\\/gu, '\n')
    .replaceAll(/\\([&%$#_])/gu, '$1')
    .replaceAll(/[{}]/gu, (brace) => (isJson ? brace : ''));
}
