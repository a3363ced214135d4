/** Draws the city's landmark in a view and labels it by its looks: "red clock tower". */
import type { ColourName } from '../draw/colour.ts';
import { drawLandmark, type Standing } from '../draw/landmark.ts';
import type { LandmarkKind } from '../draw/landmark-kinds.ts';
import type { Stage } from '../stage.ts';

export const landmarkName = ({ kind, colour }: { kind: LandmarkKind; colour: ColourName }): string =>
  kind.split(' ').includes(colour) ? kind : `${colour} ${kind}`;

/** Draws the landmark if the plan shows it, and returns whether it was drawn. */
export function drawCityLandmark(stage: Stage, at: Standing): boolean {
  const source = stage.source('landmark');
  if (source === undefined) return false;
  const { landmark } = source.city;
  const name = landmarkName(landmark);
  drawLandmark(stage.element(name, { kind: 'landmark', value: name, misleading: source.misleading }), at, landmark);
  return true;
}
