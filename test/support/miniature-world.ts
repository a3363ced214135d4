/**
 * A generated world without files, for tests that need the truth about scenes but no images. The pixels of the drawn
 * scenes are discarded.
 */
import { createHash } from 'node:crypto';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import { cityPosition } from '../../src/miniature/position.ts';
import { rosterOf } from '../../src/miniature/roster.ts';
import { shoot } from '../../src/miniature/shoot.ts';
import { createWorld, type World } from '../../src/miniature/world.ts';
import { truthOf } from '../../src/miniature/write-images.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Makes a world whose images have invented digests. `sceneOf` finds scenes by these digests, as it does by real ones.
 */
export function drawnWorld({ scenes, seed }: { scenes: number; seed: number }): World {
  const gazetteer = openGazetteer();
  const truths = rosterOf({ scenes, seed }).map((shot) => {
    const { plan, composed } = shoot(shot, 32);
    const digests = { sha256: digest(`file ${shot.number}`), preparedSha256: digest(`prepared ${shot.number}`) };
    return truthOf(shot, { view: plan.view, composed, digests, place: cityPosition(shot.city, gazetteer) });
  });
  return createWorld({ folder: 'a world without files', scenes: truths });
}
