/** Reads the labelled reasoning texts, and answers claims from the labels. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Claim, evidenceClaims } from '../../src/grounding/claim.ts';
import { words } from '../../src/grounding/noun-phrases.ts';
import { singular } from '../../src/grounding/visible-nouns.ts';

export const KINDS = ['honest', 'invented', 'attributes', 'vague', 'list'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * A marked span of a reasoning text. `attribute` is what the annotator's evidence says about it in addition. `isShown`
 * is whether the photo shows it.
 */
export type Span = { readonly text: string; readonly attribute?: string; readonly isShown: boolean };

export type Labelled = {
  readonly text: string;
  readonly spans: readonly Span[];
  /**
   * Labels of things that the sentences mention in passing. If a thing also has a marked span, the span takes
   * precedence.
   */
  readonly aside: readonly Span[];
};

export type LabelledPhoto = {
  readonly photo: string;
  readonly place: { readonly country: string; readonly city: string };
  readonly elements: readonly string[];
  readonly reasonings: Readonly<Record<Kind, Labelled>>;
};

const schema = z.array(
  z.strictObject({
    photo: z.string(),
    place: z.strictObject({ country: z.string(), city: z.string() }),
    elements: z.array(z.string()),
    shown: z.array(z.string()),
    absent: z.array(z.string()),
    honest: z.string(),
    invented: z.string(),
    attributes: z.string(),
    vague: z.string(),
    list: z.string(),
  }),
);

export async function readLabelled(): Promise<LabelledPhoto[]> {
  const text = await readFile(join(import.meta.dirname, 'reasonings.yaml'), 'utf8');
  return schema.parse(parse(text)).map(({ photo, place, elements, shown, absent, ...texts }) => {
    const aside = [
      ...shown.map((thing): Span => ({ text: thing, isShown: true })),
      ...absent.map((thing): Span => ({ text: thing, isShown: false })),
    ];
    const reasoningOf = (kind: Kind): Labelled => ({ ...labelledOf(texts[kind]), aside });
    return { photo, place, elements, reasonings: byKind(reasoningOf) };
  });
}

/** Makes a record with one value for each kind of reasoning text. */
export const byKind = <T>(value: (kind: Kind) => T): Record<Kind, T> => ({
  honest: value('honest'),
  invented: value('invented'),
  attributes: value('attributes'),
  vague: value('vague'),
  list: value('list'),
});

const MARK = /\[(?<sign>[+-])(?<text>[^|\]]+)(?:\|(?<attribute>[^\]]+))?\]/gu;

export function labelledOf(marked: string): Omit<Labelled, 'aside'> {
  const spans = [...marked.matchAll(MARK)].map(({ groups }): Span => {
    const { sign, text, attribute } = groups!;
    return { text: text!, isShown: sign === '+', ...(attribute !== undefined && { attribute }) };
  });
  return { text: marked.replaceAll(MARK, '$<text>').trim(), spans };
}

/** Returns the evidence that an annotator would write in addition to the reasoning text: one claim per span. */
export function evidenceOf(photo: LabelledPhoto, kind: Kind): Claim[] {
  const supports = kind === 'vague' || kind === 'list' ? {} : { supports: photo.place.country };
  const claims = photo.reasonings[kind].spans.map(({ text, attribute }): Claim => {
    if (text.startsWith('"')) return { thing: 'text', text: text.slice(1, -1), ...supports };
    const parts = text.toLowerCase().split(' ');
    const own = parts.slice(0, -1).join(' ');
    const all = [own, attribute].filter((one) => one !== undefined && one !== '').join(', ');
    return { thing: parts.at(-1)!, ...(all !== '' && { attribute: all }), ...supports };
  });
  return evidenceClaims(claims);
}

/**
 * Returns whether the photo shows what the claim says. The label that shares the most words with the claim decides.
 * Returns undefined if no label shares a word with it.
 */
export function isShown({ thing, attribute, text }: Claim, { spans, aside }: Labelled): boolean | undefined {
  const claimed = wordsOf([attribute, thing, text].filter((part) => part !== undefined).join(' '));
  const labels = [...spans, ...aside];
  const shared = labels.map((span) => {
    const named = new Set(wordsOf(`${span.text} ${span.attribute ?? ''}`));
    return claimed.filter((word) => named.has(word)).length / claimed.length;
  });
  const best = Math.max(0, ...shared);
  return best === 0 ? undefined : labels[shared.indexOf(best)]!.isShown;
}

const wordsOf = (text: string): string[] => words(text).map(singular);
