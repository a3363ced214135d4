/**
 * Visual grounding consistency: R_vis = (1/|E|) Σ Match(e, V) over the distinct entities E that the reasoning names,
 * where V is what the image shows. R_vis is a precision: it decreases if the reasoning names things that the image does
 * not show.
 *
 * Precision alone would also reward a text that names a single obvious thing, lists everything in view, or repeats
 * itself. Three guards prevent that.
 *
 * Each element counts once: if the image shows a building, "a grey building" and "a wide building" are one thing.
 */
import { completionParts, parseAnswer } from '../core/answer-grammar.ts';
import { defined } from '../core/defined.ts';
import { scored, unscored } from '../core/score.ts';
import type { EntityMatch, Grounder } from '../grounding/grounding.ts';
import { repeatedShare } from './repetition.ts';
import { pureReward, type Reward } from './reward.ts';

export type VisualGroundingGuards = {
  /** Below this number of entities, the reward is scaled down in proportion, so that saying little does not pay. */
  readonly fewestEntities: number;
  /**
   * Above this number of entities, the reward is scaled down in proportion, so that listing everything does not pay.
   */
  readonly mostEntities: number;
  /**
   * Share of the text that may be repeated without penalty. Beyond it, the reward falls linearly, and is 0 at a share
   * of 1.
   */
  readonly repeatedShareAllowed: number;
};

/** Our choice, because annotators' reasoning texts name three to twelve things. The paper has no guards. */
export const DEFAULT_GUARDS: VisualGroundingGuards = {
  fewestEntities: 2,
  mostEntities: 20,
  repeatedShareAllowed: 0.2,
};

/**
 * Creates the reward R_vis = (1/n) Σ Match(e, V), in [0, 1], over the n distinct entities e of the reasoning,
 * multiplied by the guards. A row without elements is unscored.
 *
 * @example
 * visualGrounding(await openGrounder());
 */
export function visualGrounding(
  grounder: Grounder,
  { guards = DEFAULT_GUARDS }: { readonly guards?: VisualGroundingGuards } = {},
): Reward {
  return pureReward('visual/paper', ({ completion, elements, texts }) => {
    if (elements === undefined) return unscored('the row does not list what the image shows (elements)');
    const reasoning = reasoningOf(completion);
    const entities = grounder.entities(reasoning);
    // Precision is undefined without entities, and the paper does not cover this case. The reward is then 0, so that
    // silence earns nothing.
    if (entities.length === 0) return scored(0, { entities: [], precision: null, guard: 0 });
    const matches = grounder.match(entities, { elements, ...defined({ texts }) });
    const things = new Map(matches.map((match) => [thingOf(match), match.matchedBy !== 'none']));
    const precision = [...things.values()].filter(Boolean).length / things.size;
    const guard = guardFactor(reasoning, things.size, guards);
    return scored(precision * guard, {
      precision,
      guard,
      entities: matches.map(({ entity, element, matchedBy }) => ({
        entity: entity.text,
        element: element?.label ?? null,
        matchedBy,
      })),
    });
  });
}

/** Key of the thing that an entity names: the matching element, or the entity itself if no element matches. */
const thingOf = ({ entity, element }: EntityMatch): string =>
  element === undefined ? `entity ${entity.lemma}` : `element ${element.label}`;

/**
 * Returns the reasoning to score: the text between the think tags, or else the reasoning that the answer parser finds.
 */
export function reasoningOf(completion: string): string {
  const { thinking } = completionParts(completion);
  if (thinking !== undefined) return thinking;
  const answer = parseAnswer(completion);
  return answer.kind === 'unparseable' ? completion : answer.reasoning;
}

function guardFactor(reasoning: string, count: number, guards: VisualGroundingGuards): number {
  const enough = guards.fewestEntities === 0 ? 1 : Math.min(1, count / guards.fewestEntities);
  const notTooMany = Math.min(1, guards.mostEntities / count);
  const excess = Math.max(0, repeatedShare(reasoning) - guards.repeatedShareAllowed);
  const fresh = guards.repeatedShareAllowed >= 1 ? 1 : 1 - excess / (1 - guards.repeatedShareAllowed);
  return enough * notTooMany * fresh;
}
