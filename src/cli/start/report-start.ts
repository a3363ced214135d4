/** Reports the main job on stderr while it runs: each step, its purpose, its progress and its duration. */
import { START_UNITS } from '../../reproduction/start/start-units.ts';
import type { UnitEvent } from '../../storage/units.ts';
import { note } from '../output.ts';
import { duration, progressLines } from '../progress.ts';

const STORY: Readonly<Record<string, { readonly doing: string; readonly counted: string }>> = {
  [START_UNITS.world]: {
    doing: 'Drawing a small world: photos of real cities, with cues that are facts, some of them missing or misleading',
    counted: 'scenes',
  },
  [START_UNITS.before]: {
    doing: 'Asking the base about photos that nobody trains on',
    counted: 'answers',
  },
  [START_UNITS.curated]: {
    doing:
      'Curating: two annotators that err describe the photos; kept is what agrees with each other, the place and the photo',
    counted: 'photos',
  },
  [START_UNITS.training]: {
    doing: 'Training by GRPO: many answers to each photo, rewarded for the place and for naming what is there',
    counted: 'step',
  },
  [START_UNITS.after]: {
    doing: 'Asking the trained model about the same photos',
    counted: 'answers',
  },
};

/** A listener for the events of one job. */
export function reportStart(): (event: UnitEvent) => void {
  const lines = progressLines();
  return (event) => {
    const { doing, counted } = STORY[event.unit.name]!;
    switch (event.kind) {
      case 'kept':
        return note(`[${event.number}/${event.total}] ${doing}: done before.`);
      case 'started':
        return note(`[${event.number}/${event.total}] ${doing} …`);
      case 'progress':
        return lines.update(`      ${event.pass ?? counted}`, event);
      case 'note':
        lines.end();
        return note(`      ${event.text}`);
      case 'waiting':
        return note(`      waiting: ${event.reason}`);
      case 'finished':
        lines.end();
        return note(`      ${duration(1000 * event.seconds)}.`);
    }
  };
}
