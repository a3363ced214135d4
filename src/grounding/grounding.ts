/**
 * Interfaces to find the things that a reasoning text names and to check whether the image shows them. The fourth gate
 * of curation and the visual grounding consistency reward share them. Texts are compared only with labels; a Segmenter
 * finds the labels in the image.
 */
import type { VisualElement } from '../core/visual-element.ts';
import type { Claim } from './claim.ts';

/** A thing that a reasoning text names and that an image could show. */
export type Entity = {
  /** The phrase as written in the text. */
  readonly text: string;
  /** Lower-case singular of the phrase, without articles: "red brick buildings" → "red brick building". */
  readonly lemma: string;
  /** Lemma of the head noun: "building". */
  readonly head: string;
};

export type EntityMatch = {
  readonly entity: Entity;
  /** The element that grounds the entity; absent if the entity is not grounded. */
  readonly element?: VisualElement;
  /**
   * How the entity is grounded: by the same words, by its head noun, by a synonym or kind ("oak" is a tree), or by text
   * written in the image.
   */
  readonly matchedBy: 'phrase' | 'head' | 'synonym' | 'text' | 'none';
};

export interface Grounder {
  /** Returns distinct entities in order of appearance, without places and abstract nouns. */
  entities(reasoning: string): Entity[];
  /** Returns one claim for each entity of a reasoning text, with the sentence that contains it. */
  claims(reasoning: string): Claim[];
  match(
    entities: readonly Entity[],
    seen: { readonly elements: readonly VisualElement[]; readonly texts?: readonly string[] },
  ): EntityMatch[];
}

/** Measures how similar two reasoning texts are in meaning, in [0, 1]. */
export interface MeaningMeasure {
  readonly name: string;
  similarity(a: string, b: string, options: { readonly signal: AbortSignal }): Promise<number>;
}
