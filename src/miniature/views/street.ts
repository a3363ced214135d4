/** A street along the line of sight: road lines, cars in their lanes, houses on both sides, a landmark at its end. */
import { drawFarHouses, drawHills, drawPerson, drawSky, drawWater } from '../draw/backdrop.ts';
import { type Point, UNITS } from '../draw/canvas.ts';
import { darker } from '../draw/colour.ts';
import { drawBush, drawTree } from '../draw/plant.ts';
import { drawBoard, drawDirectionSign, drawFlagAt, drawWarningSign } from '../draw/sign.ts';
import { drawCar, drawCarOrTaxi } from '../draw/car.ts';
import { drawTransit } from '../draw/transit.ts';
import type { Stage } from '../stage.ts';
import { drawHouse } from './houses.ts';
import { drawCityLandmark } from './landmark.ts';

type Lens = { readonly vanishX: number; readonly horizon: number; readonly halfRoad: number };
/**
 * Projects a point of the street to the picture. `across` is the distance from the middle of the road in half road
 * widths. `depth` is 1 at the picture's lower edge. `up` is a height in drawing units at depth 1.
 */
export type Perspective = (across: number, depth: number, up?: number) => Point;

export function perspective({ vanishX, horizon, halfRoad }: Lens): Perspective {
  return (across, depth, up = 0) => [vanishX + (across * halfRoad) / depth, horizon + (UNITS - horizon - up) / depth];
}

const FAR = 30;

/** Draws the road and its lines. The middle of each lane is at `across` = ±0.5. */
export function drawRoad(stage: Stage, at: Perspective, { paved = true } = {}): void {
  const road = stage.element('road');
  road.polygon([at(-1, 0.5), at(1, 0.5), at(1, 400), at(-1, 400)], paved ? 0x6d7176 : 0x9a7f60);
  const edge = stage.source('edge line');
  if (edge !== undefined) {
    const { edgeLine } = edge.country;
    const brush = stage.element(`${edgeLine} edge line`, {
      kind: 'edge line',
      value: edgeLine,
      misleading: edge.misleading,
    });
    const paint = edgeLine === 'white' ? 0xf4f4ef : 0xf2c417;
    for (const side of [-1, 1])
      brush.polygon([at(side * 0.95, 0.6), at(side * 0.86, 0.6), at(side * 0.86, FAR), at(side * 0.95, FAR)], paint);
  }
  const centre = stage.source('centre line');
  if (centre === undefined) return;
  const { centreLine } = centre.country;
  const brush = stage.element(`${centreLine} centre line`, {
    kind: 'centre line',
    value: centreLine,
    misleading: centre.misleading,
  });
  const paint = centreLine === 'white' ? 0xf7f7f2 : 0xf5c518;
  for (let depth = 0.9; depth < 14; depth *= 1.42)
    brush.polygon([at(-0.045, depth), at(0.045, depth), at(0.045, depth * 1.22), at(-0.045, depth * 1.22)], paint);
}

/** Draws a car ahead in our lane and an oncoming one in the other lane; together they show the driving side. */
export function drawTraffic(
  stage: Stage,
  at: Perspective,
  { ahead, halfRoad }: { ahead: number; halfRoad: number },
): void {
  const side = stage.source('driving side');
  // If the plan hides the driving side, the street is one-way, so a second car also drives in our direction.
  const own = side === undefined ? stage.pick([1, -1]) : side.country.drivesOn === 'right' ? 1 : -1;
  const farDepth = ahead * stage.between(1.9, 2.6);
  const [farX, farGround] = at(-own * 0.5, farDepth);
  const width = (depth: number): number => Math.min(38, (0.74 * halfRoad) / depth);
  if (side !== undefined) {
    const cue = { kind: 'driving side', value: side.country.drivesOn, misleading: side.misleading } as const;
    const far = { x: farX, ground: farGround, width: width(farDepth), facing: 'front', plate: false } as const;
    drawCar(stage, stage.element('oncoming car', cue), far);
  } else if (stage.chance(0.5)) {
    const far = { x: farX, ground: farGround, width: width(farDepth), facing: 'rear', plate: false } as const;
    drawCar(stage, stage.element('car'), far);
  }
  const [x, ground] = at(own * 0.5, ahead);
  drawCarOrTaxi(stage, { x, ground, width: width(ahead), facing: 'rear' });
}

export function drawTerrain(stage: Stage, horizon: number): void {
  const { terrain } = stage.plan.city;
  if (terrain === 'mountains')
    drawHills(stage, {
      ground: horizon,
      height: 22,
      paint: 0x7d8ba0,
      label: 'mountain',
      peaks: true,
      snow: stage.chance(0.6),
    });
  else if (terrain === 'hills') drawHills(stage, { ground: horizon, height: 12, paint: 0x7f9c74, label: 'hill' });
  else if (terrain === 'coast') drawWater(stage, { top: horizon - 2.5, bottom: horizon + 2 });
}

export function street(stage: Stage): void {
  const lens: Lens = {
    vanishX: stage.between(38, 58),
    horizon: stage.between(44, 54),
    halfRoad: stage.between(46, 58),
  };
  const at = perspective(lens);
  drawSky(stage, lens.horizon);
  if (stage.plan.shows.has('landmark')) drawTerrain(stage, lens.horizon + 1);
  drawFarHouses(
    stage,
    lens.horizon + 1,
    { low: 5, mid: 9, high: 15 }[stage.plan.city.density] * (stage.plan.shows.size === 0 ? 0.7 : 1),
  );
  stage.element('pavement').rect(-8, lens.horizon, UNITS + 16, UNITS, { top: 0xb7b4ad, bottom: 0xa39f97 });
  drawCityLandmark(stage, {
    x: lens.vanishX + stage.between(-4, 4),
    ground: lens.horizon + 2,
    height: stage.between(30, 40),
  });
  drawRoad(stage, at);
  drawSides(stage, at);
  const ahead = stage.between(1.25, 1.75);
  const withTransit = stage.source('transit') !== undefined;
  if (withTransit) {
    const left = stage.chance(0.5);
    drawTransit(stage, { x: left ? -10 : 56, y: lens.horizon + 4, width: 50, height: 19 });
  }
  drawTraffic(stage, at, { ahead, halfRoad: lens.halfRoad });
  drawFurniture(stage, lens);
}

/** Draws the houses on both sides, the farthest first. */
function drawSides(stage: Stage, at: Perspective): void {
  const tallness = { low: 20, mid: 32, high: 46 }[stage.plan.city.density];
  for (const side of [-1, 1]) {
    const across = side * stage.between(1.45, 1.7);
    const cuts = [0.85, 1.35, 2.1, 3.2, 5, 8];
    for (let i = cuts.length - 2; i >= 0; i--) {
      const near = cuts[i]!;
      const far = cuts[i + 1]!;
      const height = 44 + tallness * stage.between(0.7, 1.25);
      const width = 26;
      drawHouse(stage, {
        map: (u, v) => at(across, near + (far - near) * (u / width), v),
        width,
        height,
        shop: 26,
        roofless: i === 0,
      });
      if (i > 0 && i < 3 && stage.chance(0.8)) {
        const [x, y] = at(across, far * 0.9, 34);
        const size = 26 / near;
        drawBoard(stage, {
          x: side < 0 ? x - size * 0.4 : x - size * 0.6,
          y: y - size * 0.2,
          width: Math.max(11, size),
          height: Math.max(5, size * 0.42),
        });
      }
    }
  }
}

function drawFurniture(stage: Stage, { horizon }: Lens): void {
  const left = stage.chance(0.5);
  const near = left ? stage.between(4, 14) : stage.between(82, 92);
  const other = UNITS - near;
  if (stage.source('vegetation') !== undefined) {
    drawTree(stage, { x: near, ground: stage.between(82, 92), height: stage.between(38, 52) });
    if (stage.chance(0.6)) drawTree(stage, { x: other + (left ? -14 : 14), ground: horizon + 14, height: 22 });
  } else if (stage.chance(0.4)) drawBush(stage, { x: near, ground: 88, height: 10 });
  if (stage.source('warning sign') !== undefined)
    drawWarningSign(stage, { x: other, ground: 86, size: 13, height: 36 });
  if (stage.source('direction sign') !== undefined)
    drawDirectionSign(stage, { x: left ? 62 : 12, y: horizon - 34, width: 22, height: 13 }, { ground: horizon + 8 });
  if (stage.source('flag') !== undefined)
    drawFlagAt(
      stage,
      { x: left ? other - 24 : other + 6, y: horizon - stage.between(24, 30), width: 19, height: 12.5 },
      { ground: horizon + 16 },
    );
  if (stage.source('script') !== undefined) {
    const y = stage.between(horizon - 16, horizon - 4);
    drawBoard(stage, { x: left ? 66 : -2, y, width: 32, height: 11 });
  }
  if (stage.chance(0.5)) drawPerson(stage, { x: left ? 86 : 10, ground: 90, height: 22 });
  if (stage.chance(0.3))
    stage.element('street lamp').line(
      [
        [left ? 22 : 74, 80],
        [left ? 22 : 74, 30],
        [left ? 30 : 66, 28],
      ],
      1,
      darker(0x8a8f94, 0.4),
    );
}
