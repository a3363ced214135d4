/** The oracle of a generated world: what its truth file says, for reports alone. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FILES } from '../generate.ts';
import { openWorld } from '../world.ts';
import type { World } from '../world.ts';
import type { Oracle } from '../../curation/judge/oracle.ts';

/** Of the world that a table of photos, or its folder, belongs to; undefined for photos that were not generated. */
export async function openMiniatureOracle(input: string): Promise<Oracle | undefined> {
  const isFolder = (await stat(input)).isDirectory();
  const folder = isFolder ? input : dirname(input);
  const found = await stat(join(folder, FILES.truth)).catch(() => undefined);
  return found === undefined ? undefined : miniatureOracle(await openWorld(folder));
}

export function miniatureOracle(world: World): Oracle {
  const wordsOf = mentioned(world.vocabulary);
  return {
    localizable: (id) => {
      const scene = world.byId(id);
      return scene === undefined ? undefined : scene.difficulty !== 'not-localizable';
    },
    hallucinated: (id, reasoning) => {
      const shown = world.byId(id)?.elements.map(({ label }) => label) ?? [];
      return wordsOf(asserted(reasoning)).filter((named) => !shown.some((label) => isA(label, named)));
    },
    motif: (id) => world.byId(id)?.repeats ?? id,
  };
}

/** What a text says is there: not what it says is missing. */
function asserted(text: string): string {
  return text
    .split(/(?<=[.;!?])\s/u)
    .filter((clause) => !/\bmissing\b/u.test(clause))
    .map((clause) => clause.replace(/\bno\b.*/u, ''))
    .join(' ');
}

/** An "oncoming car" is a car, and so is a taxi: naming it less exactly invents nothing. */
function isA(label: string, named: string): boolean {
  return label === named || label.endsWith(` ${named}`) || (named === 'car' && label.endsWith('taxi'));
}

/**
 * Which labels of a vocabulary a text mentions: whole words, singular or plural, longer labels first, so that a "clock
 * tower" is not also a tower. On purpose not the grounder's work: it would not see its own mistakes.
 */
function mentioned(vocabulary: readonly string[]): (text: string) => string[] {
  const longestFirst = vocabulary.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = new RegExp(
    String.raw`\b(${longestFirst.map((label) => RegExp.escape(label)).join('|')})(?:e?s)?\b`,
    'giu',
  );
  return (text) => [...new Set([...text.matchAll(pattern)].map((match) => match[1]!.toLowerCase()))];
}
