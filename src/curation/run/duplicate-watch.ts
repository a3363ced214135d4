/**
 * Finds photos about which annotators need not be asked, because they are near-duplicates. The dataset keeps only the
 * first photo of a group of near-duplicates that passes its gates (judge/select.ts). A later photo of the group
 * therefore needs no answers once an earlier photo has passed. Groups can only grow, so this stays true for all photos
 * that follow, even in other shards.
 */
import { createGroups } from '../judge/groups.ts';
import { createNearDuplicateIndex } from '../judge/near-duplicates.ts';
import type { NearDuplicateOptions } from '../judge/near-duplicates.ts';
import type { Hashed } from '../judge/hash-store.ts';
import type { Photo } from '../observe/photo.ts';

export type DuplicateWatch = {
  /**
   * Returns the id of an earlier photo of the same group that passed, or undefined if there is none. First waits for
   * earlier photos of the group that are in progress. Waiting cannot deadlock, because a photo waits only for photos
   * with smaller ids.
   */
  earlier(photo: Photo, hashes: Hashed): Promise<string | undefined>;
  /** Records how a photo ended. Must be called for every photo, also if an error ends it. */
  ended(id: string, outcome: 'passed' | 'not passed'): void;
};

type Member = { readonly id: string; state: 'in progress' | 'passed' | 'not passed' };

/** `photos` is the number of photos of the run. `rejected` are the ids that a reviewer rejected: they did not pass. */
export function createDuplicateWatch(
  options: NearDuplicateOptions,
  { photos, rejected }: { photos: number; rejected: ReadonlySet<string> },
): DuplicateWatch {
  const index = createNearDuplicateIndex(photos, options);
  const groups = createGroups();
  const members: Member[] = [];
  const indexOf = new Map<string, number>();
  /** The members of each group. The key is the smallest index in the group. */
  const groupMembers = new Map<number, number[]>();
  const waiting = new Set<() => void>();

  const add = ({ id, owner }: Photo, { hash, crops }: Hashed): number => {
    const near = index.add({ hash, ...(crops !== undefined && { crops }), ...(owner !== undefined && { owner }) });
    const own = groups.add();
    indexOf.set(id, own);
    members.push({ id, state: 'in progress' });
    groupMembers.set(own, [own]);
    for (const other of near) {
      const [a, b] = [groups.find(own), groups.find(other)];
      if (a === b) continue;
      groups.link(a, b);
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      groupMembers.set(first, [...groupMembers.get(first)!, ...groupMembers.get(second)!]);
      groupMembers.delete(second);
    }
    return own;
  };

  return {
    earlier: async (photo, hashes) => {
      const known = indexOf.get(photo.id);
      const own = known ?? add(photo, hashes);
      members[own]!.state = 'in progress';
      for (;;) {
        const before = groupMembers
          .get(groups.find(own))!
          .map((i) => members[i]!)
          .filter(({ id }) => id < photo.id);
        const passed = before.filter(({ state }) => state === 'passed').map(({ id }) => id);
        if (passed.length > 0) return passed.reduce((a, b) => (a < b ? a : b));
        if (before.every(({ state }) => state === 'not passed')) return undefined;
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
    ended: (id, outcome) => {
      const own = indexOf.get(id);
      if (own === undefined) return;
      members[own]!.state = rejected.has(id) ? 'not passed' : outcome;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
  };
}
