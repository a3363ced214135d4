/** The unit that probes a base on validation photos and compares the result with the plan's gates. */
import { invalidInput } from '../../core/errors.ts';
import { worldSource } from '../../miniature/adapters/photo-source.ts';
import { openWorld } from '../../miniature/world.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import type { Unit } from '../../storage/units.ts';
import { loadPhotos } from '../../training/photo-source.ts';
import type { Backbone } from '../arms.ts';
import { gateLines, gatesOf } from '../gates.ts';
import { openProbedModel } from '../probe/open-model.ts';
import { probe } from '../probe/probe.ts';
import type { PlanContext } from './context.ts';
import { gatesUnit, WORLD_UNITS } from './names.ts';

/** The unit fails if a gate is not met. The units that depend on it then cannot run. */
export function makeGates(backbone: Backbone, { plan, inputs, inputNames, needs, resources }: PlanContext): Unit {
  const { photos: limit, samples, seed, ...limits } = plan.gates!;
  return {
    name: gatesUnit(backbone),
    kind: 'gates',
    needs: [WORLD_UNITS.pretraining, ...needs.base(backbone)],
    settings: { gates: plan.gates, base: inputNames.base(backbone), prompt: plan.prompt },
    make: async ({ run, signal, onProgress, onNote }) => {
      const world = await openWorld(inputs.pretrainingWorld);
      const photos = await loadPhotos(worldSource(world), { split: 'test', limit, seed, signal });
      const { backend, maxTokens } = await openProbedModel(inputs.base(backbone));
      await using _ = backend;
      const report = await probe({
        backend,
        gazetteer: resources.gazetteer,
        world,
        photos,
        prompt: plan.prompt,
        maxTokens,
        samples,
        seed,
        signal,
        onProgress: (pass, done, total) => onProgress(done, total, { pass }),
      });
      const gates = gatesOf(report, limits);
      for (const line of gateLines(gates)) onNote(line);
      // A failed attempt counts too, so its report is kept.
      await writeFileAtomic(run.file('gates.json'), `${JSON.stringify({ gates, report }, null, 2)}\n`);
      const failed = gates.filter(({ passed }) => !passed);
      if (failed.length > 0) {
        throw invalidInput(
          `The base ${backbone} does not meet ${failed.length} of ${gates.length} gates: ${gateLines(failed).join('; ')}.`,
          'Train a base that sees or knows more; the test world is drawn only after the gates are met.',
        );
      }
      return { report, gates };
    },
  };
}
