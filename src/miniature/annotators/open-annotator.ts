/** Opens the simulated annotator that FOLDER#PROFILE names: a world's folder, then "careful" or "bold". */
import { invalidInput } from '../../core/errors.ts';
import type { VisionModel } from '../../vision/vision-model.ts';
import { openWorld } from '../world.ts';
import { PROFILES } from './profile.ts';
import { simulatedAnnotator } from './simulated-annotator.ts';

/**
 * Opens the annotator. Throws `invalid-input` for an unknown profile or a malformed text, and `not-found` if the folder
 * is not a world.
 */
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
