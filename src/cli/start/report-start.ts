/**
 * Reports the steps of `globe start` on stderr while they run. For each step, it shows the purpose, the progress and
 * the duration.
 */
import { START_UNITS } from '../../reproduction/start/start-units.ts';
import type { UnitEvent } from '../../storage/units.ts';
import { note } from '../output.ts';
import { duration, progressLines } from '../progress.ts';

const STORY: Readonly<Record<string, { readonly doing: string; readonly counted: string }>> = {
  [START_UNITS.world]: {
    doing: 'Drawing a small world: photos of real cities with factual cues, some missing or misleading',
    counted: 'scenes',
  },
  [START_UNITS.before]: {
    doing: 'Testing the base model on held-out photos',
    counted: 'answers',
  },
  [START_UNITS.curated]: {
    doing:
      'Curating: two fallible annotators describe the photos; gates keep what agrees with each other, the place and the photo',
    counted: 'photos',
  },
  [START_UNITS.training]: {
    doing:
      'Training with GRPO: many answers per photo, rewarded for the right place and for naming things in the photo',
    counted: 'step',
  },
  [START_UNITS.after]: {
    doing: 'Testing the trained model on the same photos',
    counted: 'answers',
  },
};

/** Returns a listener for the events of one start. */
export function reportStart(): (event: UnitEvent) => void {
  const lines = progressLines();
  return (event) => {
    const { doing, counted } = STORY[event.unit.name]!;
    switch (event.kind) {
      case 'kept':
        return note(`[${event.number}/${event.total}] ${doing}: already done.`);
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
