/** Views for photos that could be from anywhere: none of them uses the plan's country or city. */
import { drawHills, drawSky, drawWater, drawPerson } from '../draw/backdrop.ts';
import { type Point, UNITS } from '../draw/canvas.ts';
import { darker, lighter, varied } from '../draw/colour.ts';
import { drawBush } from '../draw/plant.ts';
import type { Stage } from '../stage.ts';
import { drawLamp, drawRoom, drawSofa, drawTable } from './indoor.ts';

/** A bare wall behind a pavement. */
export function bareWall(stage: Stage): void {
  const ground = stage.between(66, 78);
  const paint = varied(0xb2aea6, stage.random, 26);
  const wall = stage.element('wall');
  wall.rect(-8, -8, UNITS + 16, ground + 8, { top: lighter(paint, 0.08), bottom: darker(paint, 0.08) });
  for (let i = 0; i < 7; i++)
    wall.ellipse(
      stage.between(0, UNITS),
      stage.between(0, ground),
      stage.between(4, 12),
      stage.between(2, 6),
      darker(paint, 0.06),
    );
  stage.element('pavement').rect(-8, ground, UNITS + 16, UNITS, { top: 0x9d9992, bottom: 0x8a867f });
  for (let x = 0; x < UNITS; x += 16)
    stage.element('pavement').line(
      [
        [x, ground],
        [x - 8, UNITS + 6],
      ],
      0.6,
      0x7d7973,
    );
  if (stage.chance(0.6)) drawBicycle(stage, stage.between(28, 48), ground + 2);
  if (stage.chance(0.5)) drawPerson(stage, { x: stage.between(60, 84), ground: ground + 8, height: 34 });
  if (stage.chance(0.5)) stage.element('rubbish bin').rect(stage.between(8, 20), ground - 12, 9, 15, 0x4c5a50);
}

function drawBicycle(stage: Stage, x: number, ground: number): void {
  const brush = stage.element('bicycle');
  const steel = stage.pick([0x2b2d31, 0x8a2f2f, 0x2f5a7a]);
  for (const hub of [x - 9, x + 9]) {
    const rim = Array.from({ length: 13 }, (_, i): Point => [
      hub + 6 * Math.cos((i * Math.PI) / 6),
      ground - 6 + 6 * Math.sin((i * Math.PI) / 6),
    ]);
    brush.line(rim, 0.9, 0x2b2d31);
  }
  const [seat, bars]: [Point, Point] = [
    [x - 4, ground - 15],
    [x + 6, ground - 16],
  ];
  brush.line([[x - 9, ground - 6], seat, [x, ground - 5], [x - 9, ground - 6]], 1, steel);
  brush.line([seat, bars, [x, ground - 5]], 1, steel);
  brush.line([bars, [x + 9, ground - 6]], 1, steel);
  brush.rect(x - 7, ground - 17, 6, 1.4, 0x1d1f23);
  brush.line(
    [
      [x + 4, ground - 18],
      [x + 8, ground - 17],
    ],
    1,
    0x1d1f23,
  );
}

/** Lights in fog or at night. */
export function fog(stage: Stage): void {
  const night = stage.chance(0.5);
  stage
    .element(night ? 'night sky' : 'fog')
    .rect(
      -8,
      -8,
      UNITS + 16,
      UNITS + 16,
      night ? { top: 0x11141f, bottom: 0x262a38 } : { top: 0xb5babd, bottom: 0xcfd2d2 },
    );
  const lights = stage.element('blurred light');
  for (let i = 0; i < 14; i++)
    lights.ellipse(
      stage.between(2, 94),
      stage.between(20, 80),
      stage.between(2, 6),
      stage.between(2, 6),
      varied(night ? 0xd9a95a : 0xe4e2d8, stage.random, 24),
      0.75,
    );
  if (stage.chance(0.5)) stage.element('railing').rect(-8, 84, UNITS + 16, 1.6, 0x50555b);
}

/** A crowd in front of a plain wall. */
export function crowd(stage: Stage): void {
  const ground = stage.between(58, 70);
  const paint = varied(0xa8abb0, stage.random, 30);
  stage.element('wall').rect(-8, -8, UNITS + 16, ground + 8, { top: lighter(paint, 0.15), bottom: paint });
  stage.element('pavement').rect(-8, ground, UNITS + 16, UNITS, { top: 0xa5a19a, bottom: 0x8d8982 });
  const places = Array.from({ length: 16 }, () => [stage.between(2, 94), stage.between(ground + 4, 98)] as const);
  for (const [x, y] of places.toSorted((a, b) => a[1] - b[1]))
    drawPerson(stage, { x, ground: y, height: 14 + (y - ground) * 0.7 });
}

/** A closed rolling shutter. */
export function shutter(stage: Stage): void {
  const ground = stage.between(74, 84);
  const paint = varied(0x8f959a, stage.random, 34);
  stage.element('wall').rect(-8, -8, UNITS + 16, UNITS + 16, varied(0xc4beb2, stage.random, 24));
  const left = stage.between(8, 20);
  const brush = stage.element('rolling shutter');
  const [width, top] = [stage.between(44, 72), stage.between(8, 28)];
  brush.rect(left, top, width, ground - top, paint);
  const step = stage.between(2.4, 4.6);
  for (let y = top + 2; y < ground; y += step) brush.rect(left, y, width, 0.9, darker(paint, 0.22));
  for (let i = 0; i < 3; i++)
    stage
      .element('poster')
      .rect(
        stage.between(2, 84),
        stage.between(20, 60),
        stage.between(6, 12),
        stage.between(8, 14),
        varied(0xc9c2b0, stage.random, 60),
      );
  stage.element('pavement').rect(-8, ground, UNITS + 16, UNITS, { top: 0x9d9992, bottom: 0x86827b });
  if (stage.chance(0.5)) stage.element('cardboard box').rect(left + 40, ground - 8, 15, 12, 0xb98f5c);
  if (stage.chance(0.4)) drawPerson(stage, { x: stage.between(20, 80), ground: ground + 8, height: 36 });
}

/** A building site: fence, scaffold, sand. */
export function buildingSite(stage: Stage): void {
  const ground = stage.between(64, 74);
  drawSky(stage, ground);
  const scaffold = stage.element('scaffold');
  for (let x = 8; x < 90; x += 14) scaffold.rect(x, 18, 1.2, ground - 18, 0x8d9297);
  for (let y = 20; y < ground; y += 13) scaffold.rect(6, y, 84, 1.2, 0x8d9297);
  stage.element('ground').rect(-8, ground, UNITS + 16, UNITS, { top: 0xa8977a, bottom: 0x93825f });
  const fence = stage.element('fence');
  for (let x = -4; x < UNITS + 4; x += 5) fence.rect(x, ground - 8, 0.8, 16, 0x777d83);
  fence.rect(-8, ground - 8, UNITS + 16, 1, 0x777d83);
  stage.element('sand heap').polygon(
    [
      [stage.between(10, 24), ground + 14],
      [40, ground - 6],
      [66, ground + 14],
    ],
    0xc9b078,
  );
}

export function openSea(stage: Stage): void {
  const horizon = stage.between(36, 64);
  drawSky(stage, horizon);
  drawWater(stage, { top: horizon, bottom: UNITS + 8 });
}

export function cloudscape(stage: Stage): void {
  drawSky(stage);
  const bird = stage.element('bird');
  for (let i = 0; i < 3; i++) {
    const x = stage.between(12, 84);
    const y = stage.between(14, 70);
    bird.line(
      [
        [x - 4, y - 2],
        [x, y],
        [x + 4, y - 2],
      ],
      0.9,
      0x33363c,
    );
  }
}

export function grassland(stage: Stage): void {
  const horizon = stage.between(42, 62);
  drawSky(stage, horizon);
  drawHills(stage, { ground: horizon, height: 9, paint: 0x8aa07a, label: 'hill' });
  stage.element('grass').rect(-8, horizon, UNITS + 16, UNITS, { top: 0x96b070, bottom: 0x7a9a58 });
  for (let i = 0; i < 5; i++)
    drawBush(stage, { x: stage.between(2, 94), ground: stage.between(horizon + 6, 92), height: stage.between(5, 10) });
}

/** Leaves that fill the picture. */
export function foliage(stage: Stage): void {
  const leaves = stage.element('leaf');
  leaves.rect(-8, -8, UNITS + 16, UNITS + 16, 0x2f5a30);
  for (let i = 0; i < 70; i++)
    leaves.ellipse(
      stage.between(-4, 100),
      stage.between(-4, 100),
      stage.between(4, 9),
      stage.between(2, 4),
      varied(0x4f8a44, stage.random, 34),
    );
  const flower = stage.element('flower');
  if (stage.chance(0.6))
    for (let i = 0; i < 5; i++)
      flower.ellipse(stage.between(10, 86), stage.between(10, 86), 4, 4, varied(0xe8c8d8, stage.random, 30));
}

export function plainRoom(stage: Stage): void {
  const floor = drawRoom(stage);
  drawSofa(stage, stage.between(6, 46), floor + 4);
  if (stage.chance(0.7)) drawLamp(stage, stage.chance(0.5) ? 12 : 86, floor);
  if (stage.chance(0.5)) {
    const x = stage.between(26, 58);
    stage.element('picture frame').rect(x, 18, 22, 16, 0x6a4f38);
    stage.element('painting').rect(x + 1.6, 19.6, 18.8, 12.8, {
      top: varied(0xa9b8c4, stage.random, 40),
      bottom: varied(0x8aa07a, stage.random, 40),
    });
  }
}

/** A plate of food on a table. */
export function food(stage: Stage): void {
  const wood = stage.pick([0x8a6542, 0xd8d2c6, 0x5f4634, 0xbfc4c6]);
  stage.element('table').rect(-8, -8, UNITS + 16, UNITS + 16, { top: wood, bottom: lighter(wood, 0.12) });
  const x = stage.between(40, 56);
  const y = stage.between(42, 56);
  const plate = stage.element('plate');
  plate.ellipse(x, y, 32, 28, 0xf4f4f1);
  plate.ellipse(x, y, 25, 21, 0xe6e6e2);
  const food = stage.element('food');
  for (let i = 0; i < 12; i++)
    food.ellipse(
      x + stage.between(-15, 15),
      y + stage.between(-12, 12),
      stage.between(3, 7),
      stage.between(2, 5),
      stage.pick([0xc9953f, 0x8a3f2a, 0x6f9a3f, 0xe8d9a8, 0xd96a2f]),
    );
  stage.element('fork').rect(x + 36, y - 20, 2, 42, 0xb4b9be);
}

/** A desk from above: a cup, papers, a keyboard with no letters on it. */
export function desk(stage: Stage): void {
  const floor = drawRoom(stage);
  drawTable(stage, 4, floor - 4);
  drawTable(stage, 52, floor - 4);
  const screen = stage.element('computer screen');
  screen.rect(36, floor - 34, 30, 20, 0x2a2d33);
  screen.rect(37.5, floor - 32.5, 27, 17, varied(0x7fa0c0, stage.random, 40));
  screen.rect(49, floor - 14, 4, 6, 0x2a2d33);
  stage.element('book').rect(14, floor - 14, 12, 4, varied(0x8a4a4a, stage.random, 60));
}
