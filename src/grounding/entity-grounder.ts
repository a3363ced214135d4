/**
 * The grounder of curation and reward. It extracts entities from an English reasoning by parts of speech and a lexicon,
 * and matches them with labels by whole words. Offline, deterministic, linear in the text's length; uses no model.
 */
import type { Entity, Grounder } from './grounding.ts';
import { matchEntities } from './match.ts';
import { phrases } from './noun-phrases.ts';
import { openTagger } from './tagger.ts';

export type GrounderOptions = {
  /** True if a label also grounds parts ("building" grounds "window"): for segmentations too coarse to label parts. */
  readonly parts?: boolean;
};

/** Loads the language model (0.2 s); open the grounder once and reuse it. */
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
    match: (entities, seen) => matchEntities(entities, seen, { parts }),
  };
}
