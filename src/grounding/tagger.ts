/**
 * Splits text into sentences of tokens with parts of speech, with wink-nlp and its small English model. It reads half a
 * million tokens per second on one core. A full parser would read only tens of texts per second. The time is linear for
 * any text, because texts are split into pieces and overlong "words" are dropped. Markdown marks and white space within
 * lines become spaces. All other text is unchanged.
 */
import type { ItsFunction } from 'wink-nlp';

export type PartOfSpeech =
  | 'ADJ'
  | 'ADP'
  | 'ADV'
  | 'AUX'
  | 'CCONJ'
  | 'DET'
  | 'INTJ'
  | 'NOUN'
  | 'NUM'
  | 'PART'
  | 'PRON'
  | 'PROPN'
  | 'PUNCT'
  | 'SCONJ'
  | 'SYM'
  | 'VERB'
  | 'X'
  | 'SPACE';

export type Token = {
  readonly text: string;
  readonly lower: string;
  readonly pos: PartOfSpeech;
  /** White space before the token, as in the text. */
  readonly before: string;
};

/** Splits a text into its sentences, in order. */
export type Tagger = (text: string) => Iterable<readonly Token[]>;

/**
 * Maximum length of a word. English words are shorter, and the tokenizer takes quadratic time in the length of a word.
 */
const MAX_WORD_CHARACTERS = 60;
/**
 * Maximum length of a piece. Texts are split at line ends, then at sentence ends, then at spaces, to keep the
 * tokenizer's lists small.
 */
const MAX_PIECE_CHARACTERS = 8_000;

let opened: Promise<Tagger> | undefined;

/**
 * Opens the tagger. The language model is loaded only once per process, because each load doubles a text in the model's
 * memory, and about the 25th load fails.
 */
export async function openTagger(): Promise<Tagger> {
  opened ??= loadTagger();
  return opened;
}

async function loadTagger(): Promise<Tagger> {
  const [{ default: winkNLP }, { default: model }] = await Promise.all([
    import('wink-nlp'),
    import('wink-eng-lite-web-model'),
  ]);
  const nlp = winkNLP(model, ['sbd', 'pos']);
  // The package's types declare these free functions as methods.
  const its = nlp.its as unknown as Record<'value' | 'pos' | 'precedingSpaces' | 'span', ItsFunction<unknown>>;
  return function* tag(text) {
    for (const piece of pieces(clean(text))) {
      const doc = nlp.readDoc(piece);
      const tokens = doc.tokens();
      const values = tokens.out(its.value) as string[];
      const parts = tokens.out(its.pos) as PartOfSpeech[];
      const spaces = tokens.out(its.precedingSpaces) as string[];
      for (const [first, last] of doc.sentences().out(its.span) as [number, number][]) {
        const sentence: Token[] = [];
        for (let i = first; i <= last; i++) {
          const text = values[i]!;
          sentence.push({ text, lower: text.toLowerCase(), pos: parts[i]!, before: spaces[i]! });
        }
        yield sentence;
      }
    }
  };
}

/** Replaces Markdown marks and overlong words by spaces, and typographic quotes and apostrophes by plain ones. */
function clean(text: string): string {
  const plain = text
    .replaceAll(/[*_`#>|~<\\]+|[^\S\n]/g, ' ')
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‘’]/g, "'");
  return hasLongRun(plain) ? plain.replaceAll(TOO_LONG, ' ') : plain;
}

const TOO_LONG = new RegExp(`\\S{${MAX_WORD_CHARACTERS + 1},}`, 'g');

/** True if the text contains an overlong word. This quick check avoids the slow search for most texts. */
function hasLongRun(text: string): boolean {
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x20 || code === 0x0a) start = i + 1;
    else if (i - start >= MAX_WORD_CHARACTERS) return true;
  }
  return false;
}

function* pieces(text: string): Generator<string> {
  for (const line of text.split(/\n+/)) {
    let rest = line;
    while (rest.length > MAX_PIECE_CHARACTERS) {
      const head = rest.slice(0, MAX_PIECE_CHARACTERS);
      const at = Math.max(head.lastIndexOf('. '), head.lastIndexOf('; '));
      // Text without a space is cut at the maximum length, because a cut at position 0 would give an empty piece.
      const cut = at > MAX_PIECE_CHARACTERS / 2 ? at + 1 : head.lastIndexOf(' ') + 1 || head.length;
      yield rest.slice(0, cut);
      rest = rest.slice(cut);
    }
    if (rest.trim() !== '') yield rest;
  }
}
