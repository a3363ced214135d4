/** Turns a shot into a picture: draws new plans until the picture has the intended difficulty. */
import { random as seeded } from '../core/random.ts';
import { type Composed, composeScene } from './compose.ts';
import { planScene } from './plan.ts';
import type { Shot } from './roster.ts';
import type { Plan } from './stage.ts';

/** Maximum number of plans to try; the last one is used even if its picture has another difficulty. */
const TRIES = 12;

export function shoot(shot: Shot, pixels: number): { plan: Plan; composed: Composed } {
  const { city, setting, difficulty, motif, camera, firstCamera } = shot;
  const random = seeded(motif);
  for (let attempt = 1; ; attempt++) {
    const plan = planScene({ city, setting, difficulty, random });
    const seed = random.integer(2 ** 31);
    const composed = composeScene({ plan, seed, camera: firstCamera, pixels });
    if (composed.difficulty !== difficulty && attempt < TRIES) continue;
    return { plan, composed: camera === firstCamera ? composed : composeScene({ plan, seed, camera, pixels }) };
  }
}
