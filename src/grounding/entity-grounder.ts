/**
 * The grounder for curation and reward. It extracts entities from an English reasoning text by parts of speech and a
 * lexicon, and matches them with labels by whole words. It works offline, is deterministic and takes time linear in the
 * length of the text.
 */
import type { Entity, Grounder } from './grounding.ts';
import { matchEntities } from './match.ts';
import { claimsOfProse } from './prose-claims.ts';
import { phrases } from './noun-phrases.ts';
import { openTagger } from './tagger.ts';

export type GrounderOptions = {
  /**
   * True if a label also grounds the parts of what it names ("building" grounds "window"). Use it for segmentations
   * that do not label parts.
   */
  readonly parts?: boolean;
};

/** Loads the language model, which takes 0.2 s. Open the grounder once and reuse it. */
export async function openGrounder({ parts = false }: GrounderOptions = {}): Promise<Grounder> {
  const tag = await openTagger();
  return {
    entities: (reasoning) => {
      const distinct = new Map<string, Entity>();
      for (const sentence of tag(reasoning)) {
        for (const entity of phrases(sentence)) {
          if (!distinct.has(entity.lemma)) distinct.set(entity.lemma, entity);
        }
      }
      return [...distinct.values()];
    },
    claims: (reasoning) => claimsOfProse(tag(reasoning)),
    match: (entities, seen) => matchEntities(entities, seen, { parts }),
  };
}
