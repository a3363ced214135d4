/** The city's landmark in a view, under the words that describe it: "red clock tower". */
import type { ColourName } from '../draw/colour.ts';
import { drawLandmark, type Standing } from '../draw/landmark.ts';
import type { LandmarkKind } from '../draw/landmark-kinds.ts';
import type { Stage } from '../stage.ts';

export const landmarkName = ({ kind, colour }: { kind: LandmarkKind; colour: ColourName }): string =>
  kind.split(' ').includes(colour) ? kind : `${colour} ${kind}`;

/** Draws it where the plan shows it; says whether it did. */
export function drawCityLandmark(stage: Stage, at: Standing): boolean {
  const source = stage.source('landmark');
  if (source === undefined) return false;
  const { landmark } = source.city;
  const name = landmarkName(landmark);
  drawLandmark(stage.element(name, { kind: 'landmark', value: name, misleading: source.misleading }), at, landmark);
  return true;
}
