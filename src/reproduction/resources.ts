/** Resources that units share: gazetteer, grounder, judge and test photos. Each is opened at most once. */
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { type EmbeddedJudge, openEmbeddedJudge } from '../training/reward-model/embedded-judge.ts';
import { loadTestPhotos, type TestPhoto } from './evaluate-arm.ts';

export type Resources = {
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Opens the trained reward model in `folder`. */
  judge(folder: string): Promise<EmbeddedJudge>;
  testPhotos(world: string, signal: AbortSignal): Promise<readonly TestPhoto[]>;
  dispose(): Promise<void>;
};

export function openResources({
  gazetteer,
  grounder,
  now,
}: Pick<Resources, 'gazetteer' | 'grounder' | 'now'>): Resources {
  const judges = new Map<string, Promise<EmbeddedJudge>>();
  const photos = new Map<string, Promise<readonly TestPhoto[]>>();
  return {
    gazetteer,
    grounder,
    now,
    judge: (folder) => memoized(judges, folder, () => openEmbeddedJudge(folder)),
    testPhotos: (world, signal) => memoized(photos, world, () => loadTestPhotos(world, signal)),
    dispose: async () => {
      for (const opening of judges.values()) await (await opening).dispose();
    },
  };
}

function memoized<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const created = make();
  cache.set(key, created);
  return created;
}
