/** Opens a simulated annotator by FOLDER#PROFILE: the folder of a world, and "careful" or "bold". */
import { invalidInput } from '../../core/errors.ts';
import type { VisionModel } from '../../vision/vision-model.ts';
import { openWorld } from '../world.ts';
import { PROFILES } from './profile.ts';
import { simulatedAnnotator } from './simulated-annotator.ts';

/** Throws `invalid-input` for another profile or form, and `not-found` when the folder is not a world. */
export async function openSimulatedAnnotator(text: string): Promise<VisionModel> {
  const [folder = '', name = ''] = text.split('#');
  const profile = Object.entries(PROFILES).find(([key]) => key === name)?.[1];
  if (folder === '' || profile === undefined) {
    throw invalidInput(
      `Unknown simulated annotator: "${text}".`,
      `Use the folder of a generated world and a profile: miniature:FOLDER#${Object.keys(PROFILES).join(' or #')}.`,
    );
  }
  return simulatedAnnotator(await openWorld(folder), profile);
}
