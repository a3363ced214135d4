/** Views of the countryside: a viewpoint over the land, a road with its signs, a car at the roadside. */
import { drawSky } from '../draw/backdrop.ts';
import { UNITS } from '../draw/canvas.ts';
import { darker } from '../draw/colour.ts';
import { drawBush, drawTree } from '../draw/plant.ts';
import { drawBoard, drawFlagAt, drawWarningSign } from '../draw/sign.ts';
import { drawCar } from '../draw/car.ts';
import type { Stage } from '../stage.ts';
import { drawBiome } from './biome.ts';
import { drawHouse, frontal } from './houses.ts';
import { drawCityLandmark } from './landmark.ts';
import { drawRoad, drawTraffic, perspective } from './street.ts';

/** Draws plants on the land: a few in front, more behind. */
function drawPlants(stage: Stage, horizon: number): void {
  if (stage.source('vegetation') === undefined) {
    for (let i = 0; i < 3; i++)
      drawBush(stage, { x: stage.between(2, 94), ground: stage.between(horizon + 8, 90), height: stage.between(5, 9) });
    return;
  }
  for (let i = 0; i < 3; i++)
    drawTree(stage, { x: stage.between(6, 90), ground: horizon + stage.between(3, 8), height: stage.between(12, 18) });
  drawTree(stage, {
    x: stage.chance(0.5) ? stage.between(8, 20) : stage.between(76, 88),
    ground: stage.between(84, 92),
    height: stage.between(42, 56),
  });
}

/** The countryside from a viewpoint. */
export function viewpoint(stage: Stage): void {
  const horizon = stage.between(44, 56);
  drawSky(stage, horizon);
  drawCityLandmark(stage, { x: stage.between(30, 66), ground: horizon + 1, height: stage.between(32, 38) });
  drawBiome(stage, horizon);
  drawPlants(stage, horizon);
  if (stage.source('roof') !== undefined || stage.source('wall') !== undefined)
    drawHouse(stage, { map: frontal(stage.between(28, 56), horizon + 20), width: 20, height: 11 });
  drawFlagAt(stage, { x: stage.between(34, 58), y: stage.between(22, 34), width: 23, height: 15 }, { ground: 88 });
  if (stage.source('script') !== undefined)
    drawBoard(stage, { x: stage.between(20, 50), y: 78, width: 36, height: 11 }, { thing: 'wooden board' });
}

/** A rural road along the line of sight. */
export function countryRoad(stage: Stage): void {
  const horizon = stage.between(44, 52);
  const halfRoad = 46;
  drawSky(stage, horizon);
  drawCityLandmark(stage, { x: stage.between(20, 34), ground: horizon + 1, height: stage.between(30, 36) });
  drawBiome(stage, horizon);
  const at = perspective({ vanishX: stage.between(40, 56), horizon, halfRoad });
  drawRoad(stage, at);
  if (stage.source('vegetation') !== undefined) {
    for (const side of [-1, 1]) {
      const [x, y] = at(side * 1.7, 3.4);
      drawTree(stage, { x, ground: y, height: 20 });
    }
    const [x, y] = at(-1.35, 1.7);
    drawTree(stage, { x, ground: y, height: 40 });
  }
  drawTraffic(stage, at, { ahead: stage.between(1.3, 1.8), halfRoad });
  drawWarningSign(stage, { x: 86, ground: 82, size: 14, height: 34 });
  drawFlagAt(stage, { x: 66, y: 14, width: 22, height: 14.5 }, { ground: 66 });
}

/** A car at the side of a field, from behind. */
export function roadside(stage: Stage): void {
  const horizon = stage.between(42, 50);
  drawSky(stage, horizon);
  drawBiome(stage, horizon);
  drawPlants(stage, horizon);
  stage.element('road').polygon(
    [
      [-8, 82],
      [UNITS + 8, 78],
      [UNITS + 8, UNITS + 8],
      [-8, UNITS + 8],
    ],
    darker(0x9a8666, 0.05),
  );
  drawCar(stage, stage.element('car'), { x: stage.between(34, 60), ground: 90, width: 40, facing: 'rear' });
  drawWarningSign(stage, { x: 88, ground: 80, size: 14, height: 36 });
  drawFlagAt(stage, { x: 8, y: 12, width: 22, height: 14.5 }, { ground: 78 });
}
