/**
 * What a reasoning names, and whether the image shows it: the shared ground of the curation's fourth gate and of the
 * visual grounding consistency reward. Text against labels only; seeing is a Segmenter's work.
 */
import type { VisualElement } from '../core/visual-element.ts';

/** A thing named in a reasoning that an image could show. */
export type Entity = {
  /** As written. */
  readonly text: string;
  /** Lower-case singular of the phrase, without articles: "red brick buildings" → "red brick building". */
  readonly lemma: string;
  /** Lemma of the head noun: "building". */
  readonly head: string;
};

export type EntityMatch = {
  readonly entity: Entity;
  /** The element that grounds it; absent when nothing does. */
  readonly element?: VisualElement;
  /** How: the same words, the head noun, a synonym or kind ("oak" is a tree), or text that is written in the image. */
  readonly matchedBy: 'phrase' | 'head' | 'synonym' | 'text' | 'none';
};

export interface Grounder {
  /** Distinct entities in order of appearance. Places and abstract nouns are left out. */
  entities(reasoning: string): Entity[];
  match(
    entities: readonly Entity[],
    seen: { readonly elements: readonly VisualElement[]; readonly texts?: readonly string[] },
  ): EntityMatch[];
}

/** How alike two reasonings are in what they say; in [0, 1]. */
export interface MeaningMeasure {
  readonly name: string;
  similarity(a: string, b: string, options: { readonly signal: AbortSignal }): Promise<number>;
}
