import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenIds } from './special-tokens.ts';
import { openTokenizer, tokenizerDocument } from './tokenizer.ts';
import { BASE_VOCABULARY, trainBpe } from './train-bpe.ts';

const corpus = [
  'The red roofs and the cobbled street suggest Prague. The tram is red and cream.',
  'Palm trees, a wide beach and Portuguese signs: this is Rio de Janeiro, Brazil.',
  'country: Brazil\ncity: Rio de Janeiro',
  'country: Czechia\ncity: Prague\n日本の東京です。日本の京都です。',
];
const tokenizer = openTokenizer(tokenizerDocument(trainBpe(corpus, { vocabularySize: 340 })));

describe('trainBpe', () => {
  it('joins the most frequent pair first, and the smaller ids among equals', () => {
    const { tokens, merges } = trainBpe(['abab abab ab', 'cd'], { vocabularySize: BASE_VOCABULARY + 2 });
    expect(tokens.slice(BASE_VOCABULARY)).toEqual(['ab', 'Ġab']);
    expect(merges).toHaveLength(2);
  });

  it('finds the same pairs as a full recount before each merge', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 40 }), { maxLength: 6 }),
        (texts) => {
          expect(trainBpe(texts, { vocabularySize: BASE_VOCABULARY + 12 }).merges).toEqual(naiveMerges(texts, 12));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('stops when no pair occurs twice', () => {
    expect(trainBpe(['ab'], { vocabularySize: 1000 }).tokens).toHaveLength(BASE_VOCABULARY);
  });

  it('rejects a vocabulary without room for the bytes', () => {
    expect(() => trainBpe([], { vocabularySize: 100 })).toThrow(/Invalid vocabulary size: 100/);
  });
});

/**
 * Trains by the textbook algorithm, which recounts all pairs for each merge and joins the most frequent pair
 * everywhere.
 */
function naiveMerges(texts: readonly string[], steps: number): [number, number][] {
  const { merges: none } = trainBpe([], { vocabularySize: BASE_VOCABULARY });
  expect(none).toEqual([]);
  const words = texts.flatMap((t) => t.match(/ ?[abc]+|\s+(?!\S)|\s+/gu) ?? []);
  const sequences = words.map((word) => Array.from(new TextEncoder().encode(word), (b) => BASE_VOCABULARY - 256 + b));
  const merges: [number, number][] = [];
  while (merges.length < steps) {
    const counts = new Map<string, { pair: [number, number]; count: number }>();
    for (const ids of sequences) {
      for (let i = 0; i + 1 < ids.length; i++) {
        const pair: [number, number] = [ids[i]!, ids[i + 1]!];
        const entry = counts.get(pair.join()) ?? { pair, count: 0 };
        counts.set(pair.join(), { pair, count: entry.count + 1 });
      }
    }
    const best = [...counts.values()].toSorted(
      (a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1],
    )[0];
    if (best === undefined || best.count < 2) break;
    for (const ids of sequences) {
      for (let i = 0; i + 1 < ids.length; i++) {
        if (ids[i] === best.pair[0] && ids[i + 1] === best.pair[1]) ids.splice(i, 2, BASE_VOCABULARY + merges.length);
      }
    }
    merges.push(best.pair);
  }
  return merges;
}

describe('openTokenizer', () => {
  it('round-trips any string', () => {
    const pieces = fc.constantFrom(
      '<think>',
      '<|end|>',
      '<|',
      ' country: ',
      '\n',
      '  ',
      'Prague',
      '日本',
      '🇨🇿',
      '\r\n\t',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(pieces, fc.string())).map((a) => a.join('')),
    );
    fc.assert(
      fc.property(text, (x) => {
        expect(tokenizer.decode(tokenizer.encode(x))).toBe(x);
        expect(tokenizer.decode(tokenizer.encodeText(x))).toBe(x);
      }),
      { numRuns: 500 },
    );
  });

  it('makes one token of each tag and control token', () => {
    expect(tokenizer.encode('<|user|><|end|>')).toEqual([tokenIds.user, tokenIds.end]);
    expect(tokenizer.encode('<think></think><answer></answer>')).toHaveLength(4);
  });

  it('never turns outside text into a control token', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('<', '<|end|>', '<|image|>', '|user|>', '<|<|pad|>', ' ')), (parts) => {
        const ids = tokenizer.encodeText(parts.join(''));
        expect(ids.filter((id) => id <= tokenIds.end)).toEqual([]);
      }),
    );
  });

  it('compresses what it was trained on', () => {
    expect(tokenizer.encode('country: Brazil\ncity: Rio de Janeiro').length).toBeLessThan(15);
  });

  it('omits control tokens from text for people', () => {
    expect(tokenizer.decode([tokenIds.assistant, ...tokenizer.encode('Rio'), tokenIds.end], { controls: false })).toBe(
      'Rio',
    );
  });

  it('rejects the document of another model', () => {
    expect(() => openTokenizer({})).toThrow(/not a BPE tokenizer.json/);
    const { added_tokens: _, ...rest } = tokenizer.json;
    expect(() => openTokenizer({ ...rest, added_tokens: [] })).toThrow(/lacks the token <\|pad\|>/);
  });
});
