/**
 * Interfaces to find what a reasoning names and whether the image shows it; shared by curation's fourth gate and the
 * visual grounding consistency reward. Texts are compared only with labels; a Segmenter finds the labels in the image.
 */
import type { VisualElement } from '../core/visual-element.ts';

/** A thing named in a reasoning that an image could show. */
export type Entity = {
  /** The phrase as written. */
  readonly text: string;
  /** Lower-case singular of the phrase, without articles: "red brick buildings" → "red brick building". */
  readonly lemma: string;
  /** Lemma of the head noun: "building". */
  readonly head: string;
};

export type EntityMatch = {
  readonly entity: Entity;
  /** The element that grounds the entity; absent if none does. */
  readonly element?: VisualElement;
  /**
   * How the entity is grounded: by the same words, the head noun, a synonym or kind ("oak" is a tree), or text that is
   * written in the image.
   */
  readonly matchedBy: 'phrase' | 'head' | 'synonym' | 'text' | 'none';
};

export interface Grounder {
  /** Distinct entities in order of appearance. Excludes places and abstract nouns. */
  entities(reasoning: string): Entity[];
  match(
    entities: readonly Entity[],
    seen: { readonly elements: readonly VisualElement[]; readonly texts?: readonly string[] },
  ): EntityMatch[];
}

/** How similar two reasonings are in meaning; in [0, 1]. */
export interface MeaningMeasure {
  readonly name: string;
  similarity(a: string, b: string, options: { readonly signal: AbortSignal }): Promise<number>;
}
