/** City views (except along a street): across a street, from afar, on a square, at a stop, behind a parked car. */
import { drawFarHouses, drawPerson, drawSky, drawWater } from '../draw/backdrop.ts';
import { UNITS } from '../draw/canvas.ts';
import { drawBush, drawTree } from '../draw/plant.ts';
import { drawBoard, drawDirectionSign, drawFlagAt, drawWarningSign } from '../draw/sign.ts';
import { drawCarOrTaxi, drawCarSide, taxiOf } from '../draw/car.ts';
import { drawTransit } from '../draw/transit.ts';
import type { Stage } from '../stage.ts';
import { drawHouse, drawRow, frontal } from './houses.ts';
import { drawCityLandmark } from './landmark.ts';
import { drawTerrain } from './street.ts';

/** Draws the pavement and the road in front of it, across the picture. */
function drawGround(stage: Stage, ground: number, kerb: number): void {
  stage.element('pavement').rect(-8, ground, UNITS + 16, kerb - ground, { top: 0xbcb8b0, bottom: 0xaaa69d });
  stage.element('road').rect(-8, kerb, UNITS + 16, UNITS - kerb + 8, { top: 0x6a6e73, bottom: 0x7b7f84 });
  const edge = stage.source('edge line');
  if (edge === undefined) return;
  const { edgeLine } = edge.country;
  stage
    .element(`${edgeLine} edge line`, { kind: 'edge line', value: edgeLine, misleading: edge.misleading })
    .rect(-8, kerb + 2.5, UNITS + 16, 1.8, edgeLine === 'white' ? 0xf4f4ef : 0xf2c417);
}

/** A row of houses with shops, seen across a street. */
export function facades(stage: Stage): void {
  const ground = stage.between(68, 76);
  drawSky(stage, ground - 30);
  const landmark = stage.source('landmark') !== undefined;
  drawCityLandmark(stage, { x: stage.between(25, 70), ground: ground - 22, height: stage.between(42, 48) });
  // Houses in front of a landmark are lower, because people photograph a landmark from where they can see it.
  const houses = drawRow(stage, {
    from: stage.between(-14, -4),
    to: UNITS + 4,
    ground,
    shops: true,
    scale: landmark ? 0.62 : 1,
  });
  drawGround(stage, ground, ground + 8);
  for (const { x, width } of houses) {
    stage.element('shop').rect(x + 1.5, ground - 8.5, width - 3.5, 8.5, 0x50616e);
    stage.element('door').rect(x + width * 0.42, ground - 8, 3.4, 8, 0x6a4630);
    if (stage.source('script') !== undefined || stage.chance(0.4))
      drawBoard(stage, { x: x + 1, y: ground - 13.5, width: width - 2.5, height: 6.4 });
  }
  drawFlagAt(stage, { x: stage.between(30, 60), y: ground - 46, width: 21, height: 14 }, { ground: ground - 20 });
  if (stage.source('vegetation') !== undefined) {
    drawTree(stage, { x: stage.between(4, 24), ground: ground + 6, height: stage.between(34, 46) });
    if (stage.chance(0.5))
      drawTree(stage, { x: stage.between(74, 92), ground: ground + 6, height: stage.between(30, 42) });
  }
  if (stage.source('transit') !== undefined)
    drawTransit(stage, { x: stage.between(8, 30), y: ground + 1, width: 58, height: 20 });
  else {
    const taxi = taxiOf(stage);
    const at = { x: stage.between(12, 50), ground: ground + 16, width: 37 };
    if (taxi !== undefined) drawCarSide(stage, taxi.brush, { ...at, livery: taxi.livery });
    else if (stage.chance(0.6)) drawCarSide(stage, stage.element('car'), at);
  }
  drawWarningSign(stage, { x: stage.between(80, 90), ground: ground + 8, size: 13, height: 34 });
  if (stage.chance(0.6)) drawPerson(stage, { x: stage.between(10, 86), ground: ground + 8, height: 15 });
}

/** The city from afar, over water or a park. */
export function skyline(stage: Stage): void {
  const shore = stage.between(60, 68);
  const { density, terrain } = stage.plan.city;
  drawSky(stage, shore);
  if (terrain !== 'coast') drawTerrain(stage, shore + 1);
  drawFarHouses(stage, shore, { low: 10, mid: 18, high: 32 }[density]);
  const big = stage.between(40, 50);
  drawCityLandmark(stage, { x: stage.between(32, 66), ground: shore + 1, height: big });
  if (terrain === 'coast' || terrain === 'river') {
    drawWater(stage, { top: shore, bottom: UNITS + 8, label: terrain === 'coast' ? 'sea' : 'river' });
    const boat = stage.element('boat');
    for (let i = 0; i < 2; i++) {
      const x = stage.between(12, 80);
      const y = stage.between(shore + 8, shore + 16);
      boat.polygon(
        [
          [x - 6, y],
          [x + 6, y],
          [x + 4, y + 2.4],
          [x - 4, y + 2.4],
        ],
        0xf3f3ee,
      );
      boat.polygon(
        [
          [x, y - 8],
          [x + 4.5, y - 1],
          [x, y - 1],
        ],
        0xfafafa,
      );
    }
  } else {
    stage.element('grass').rect(-8, shore, UNITS + 16, UNITS, { top: 0x8db06a, bottom: 0x6f9550 });
    for (let i = 0; i < 4; i++)
      drawBush(stage, { x: stage.between(4, 92), ground: stage.between(shore + 6, 92), height: 7 });
  }
  if (stage.source('roof') !== undefined || stage.source('wall') !== undefined) {
    for (const x of [stage.between(-4, 6), stage.between(70, 78)])
      drawHouse(stage, { map: frontal(x, UNITS + 4), width: 22, height: stage.between(16, 22) });
  }
  drawFlagAt(stage, { x: stage.between(30, 58), y: shore - 2, width: 24, height: 16 }, { ground: UNITS + 8 });
  if (stage.source('vegetation') !== undefined)
    drawTree(stage, { x: stage.chance(0.5) ? 10 : 88, ground: 94, height: stage.between(36, 46) });
  if (stage.source('script') !== undefined)
    drawBoard(stage, { x: stage.between(24, 48), y: 82, width: 36, height: 11 }, { thing: 'billboard' });
}

/** A square in front of the landmark, or of a plain town hall. */
export function plaza(stage: Stage): void {
  const ground = stage.between(64, 70);
  drawSky(stage, ground);
  drawTerrain(stage, ground);
  const row = (from: number, to: number): void => void drawRow(stage, { from, to, ground });
  row(-8, 14);
  row(76, 98);
  stage.element('pavement').rect(-8, ground, UNITS + 16, UNITS, { top: 0xd2c8b4, bottom: 0xb8ac97 });
  const tiles = stage.element('pavement');
  for (let i = -4; i < 12; i++)
    tiles.line(
      [
        [48 + (i - 4) * 6, ground],
        [48 + (i - 4) * 22, UNITS + 6],
      ],
      0.5,
      0xa99d88,
    );
  if (!drawCityLandmark(stage, { x: 48, ground: ground + 2, height: stage.between(50, 60) }))
    drawHouse(stage, { map: frontal(24, ground), width: 48, height: 26 });
  drawFlagAt(
    stage,
    {
      x: stage.chance(0.5) ? stage.between(6, 12) : stage.between(66, 72),
      y: stage.between(18, 26),
      width: 22,
      height: 14.5,
    },
    { ground: ground + 8 },
  );
  if (stage.source('vegetation') !== undefined)
    for (const x of [stage.between(6, 16), stage.between(80, 90)])
      drawTree(stage, { x, ground: ground + stage.between(8, 16), height: stage.between(26, 38) });
  if (stage.source('script') !== undefined)
    drawBoard(
      stage,
      { x: stage.between(8, 54), y: ground + 12, width: 34, height: 12 },
      { thing: 'information board' },
    );
  if (stage.source('transit') !== undefined)
    drawTransit(stage, { x: stage.between(18, 34), y: ground + 9, width: 48, height: 16 });
  for (let i = 0; i < 4; i++)
    drawPerson(stage, {
      x: stage.between(8, 88),
      ground: stage.between(ground + 10, 92),
      height: stage.between(9, 14),
    });
}

/** A bus, tram or train at its stop, seen from near. */
export function stop(stage: Stage): void {
  const ground = stage.between(74, 80);
  drawSky(stage, 50);
  drawCityLandmark(stage, { x: stage.between(24, 72), ground: ground - 30, height: stage.between(38, 44) });
  drawRow(stage, {
    from: stage.between(-12, -4),
    to: UNITS + 4,
    ground: ground - 12,
    scale: stage.source('landmark') === undefined ? 1 : 0.6,
  });
  drawGround(stage, ground - 12, ground - 4);
  drawFlagAt(
    stage,
    { x: stage.between(40, 64), y: stage.between(8, 16), width: 22, height: 14.5 },
    { ground: ground - 8 },
  );
  if (stage.source('vegetation') !== undefined)
    drawTree(stage, { x: stage.between(78, 90), ground: ground - 6, height: stage.between(34, 44) });
  const double = stage.plan.city.transit.vehicle === 'double-decker bus';
  drawTransit(stage, { x: stage.between(2, 12), y: ground - (double ? 32 : 22), width: 76, height: double ? 38 : 27 });
  if (stage.source('transit') === undefined)
    drawCarSide(stage, stage.element('car'), { x: 20, ground: ground + 5, width: 44 });
  stage.element('bus stop').rect(88, ground - 30, 1.4, 42, 0x5a5f66);
  drawBoard(stage, { x: 66, y: ground - 42, width: 28, height: 12 });
  drawWarningSign(stage, { x: 8, ground: ground + 8, size: 13, height: 42 });
  if (stage.chance(0.7)) drawPerson(stage, { x: stage.between(78, 84), ground: ground + 12, height: 24 });
}

/** A parked car seen from behind, near enough to read its plate. */
export function parking(stage: Stage): void {
  const ground = stage.between(84, 89);
  drawSky(stage, 40);
  drawCityLandmark(stage, { x: stage.between(18, 78), ground: 46, height: stage.between(36, 42) });
  drawRow(stage, {
    from: stage.between(-12, -4),
    to: UNITS + 4,
    ground: 62,
    scale: stage.source('landmark') === undefined ? 1 : 0.62,
  });
  drawGround(stage, 62, 70);
  drawBoard(stage, { x: stage.between(4, 20), y: stage.between(34, 42), width: 36, height: 11 });
  drawFlagAt(stage, { x: stage.between(62, 70), y: stage.between(14, 22), width: 22, height: 14.5 }, { ground: 64 });
  if (stage.source('vegetation') !== undefined)
    drawTree(stage, { x: stage.chance(0.5) ? 9 : 88, ground: 72, height: 44 });
  if (stage.source('direction sign') !== undefined)
    drawDirectionSign(stage, { x: 66, y: 30, width: 24, height: 14 }, { ground: 66 });
  drawCarOrTaxi(stage, { x: stage.between(40, 56), ground, width: 46, facing: 'rear' });
}
