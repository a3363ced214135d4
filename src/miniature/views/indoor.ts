/** Indoor views: a room with a window, a café, a station hall. */
import { drawFarHouses, drawSky } from '../draw/backdrop.ts';
import { type Box, UNITS } from '../draw/canvas.ts';
import { type Colour, darker, lighter } from '../draw/colour.ts';
import { drawTree } from '../draw/plant.ts';
import { drawBoard, drawFlagAt } from '../draw/sign.ts';
import { drawTransit } from '../draw/transit.ts';
import type { Socket } from '../facts/country.ts';
import { drawPerson } from '../draw/backdrop.ts';
import type { Stage } from '../stage.ts';
import { drawRow } from './houses.ts';
import { drawCityLandmark } from './landmark.ts';

const WALL_PAINTS: readonly Colour[] = [0xe9e2d2, 0xd8e0e4, 0xe4dbe0, 0xdde5d4, 0xefe7c8, 0xcfd3d8];

/** Draws wall, floor and skirting in colours that are common everywhere. Returns the y of the floor's upper edge. */
export function drawRoom(stage: Stage): number {
  const floor = stage.between(70, 78);
  const paint = stage.pick(WALL_PAINTS);
  stage.element('wall').rect(-8, -8, UNITS + 16, floor + 8, { top: lighter(paint, 0.1), bottom: paint });
  const wood = stage.pick([0x9a7248, 0xb08a5c, 0x7a5a40, 0xa9a39a]);
  stage.element('floor').rect(-8, floor, UNITS + 16, UNITS - floor + 8, { top: wood, bottom: lighter(wood, 0.1) });
  stage.element('wall').rect(-8, floor - 1.6, UNITS + 16, 1.6, darker(paint, 0.2));
  return floor;
}

export const socketName = (type: Socket): string => `type-${type.toLowerCase()} socket`;

/** Draws a power socket with its holes, larger than life. */
function drawSocket(stage: Stage, { x, y, size }: { x: number; y: number; size: number }): void {
  const source = stage.source('socket');
  if (source === undefined) return;
  const { socket } = source.country;
  const brush = stage.element(socketName(socket), { kind: 'socket', value: socket, misleading: source.misleading });
  brush.rect(x - 0.4, y - 0.4, size + 0.8, size + 0.8, 0x9a9a98);
  brush.rect(x, y, size, size, 0xfbfbf9);
  const hole = 0x2a2a2c;
  const at = (u: number, v: number, w: number, h: number): void =>
    brush.rect(x + (u - w / 2) * size, y + (v - h / 2) * size, w * size, h * size, hole);
  const dot = (u: number, v: number, r = 0.08): void =>
    brush.ellipse(x + u * size, y + v * size, r * size, r * size, hole);
  const well = (): void => brush.ellipse(x + size / 2, y + size / 2, size * 0.42, size * 0.42, 0xd5d5d2);
  switch (socket) {
    case 'A':
      at(0.36, 0.5, 0.09, 0.36);
      return at(0.64, 0.5, 0.09, 0.36);
    case 'B':
      at(0.36, 0.4, 0.09, 0.3);
      at(0.64, 0.4, 0.09, 0.3);
      return dot(0.5, 0.72, 0.1);
    case 'C':
      dot(0.36, 0.5);
      return dot(0.64, 0.5);
    case 'M':
      // Like type D, but with larger holes.
      dot(0.5, 0.26, 0.16);
      dot(0.28, 0.68, 0.13);
      return dot(0.72, 0.68, 0.13);
    case 'D':
      dot(0.5, 0.28, 0.12);
      dot(0.33, 0.66, 0.09);
      return dot(0.67, 0.66, 0.09);
    case 'E':
      well();
      dot(0.36, 0.54);
      dot(0.64, 0.54);
      return brush.ellipse(x + size / 2, y + size * 0.3, size * 0.07, size * 0.09, 0xb59a4a);
    case 'F':
      well();
      dot(0.36, 0.5);
      dot(0.64, 0.5);
      at(0.5, 0.1, 0.16, 0.08);
      return at(0.5, 0.9, 0.16, 0.08);
    case 'G':
      at(0.5, 0.28, 0.14, 0.26);
      at(0.3, 0.68, 0.26, 0.13);
      return at(0.7, 0.68, 0.26, 0.13);
    case 'H':
      at(0.34, 0.4, 0.12, 0.26);
      at(0.66, 0.4, 0.12, 0.26);
      return at(0.5, 0.74, 0.12, 0.24);
    case 'I':
      brush.line(
        [
          [x + size * 0.28, y + size * 0.52],
          [x + size * 0.42, y + size * 0.26],
        ],
        size * 0.1,
        hole,
      );
      brush.line(
        [
          [x + size * 0.72, y + size * 0.52],
          [x + size * 0.58, y + size * 0.26],
        ],
        size * 0.1,
        hole,
      );
      return at(0.5, 0.72, 0.1, 0.26);
    case 'L':
      dot(0.5, 0.22);
      dot(0.5, 0.5);
      return dot(0.5, 0.78);
    case 'N':
      brush.polygon(
        [
          [x + size * 0.1, y + size * 0.5],
          [x + size * 0.3, y + size * 0.24],
          [x + size * 0.7, y + size * 0.24],
          [x + size * 0.9, y + size * 0.5],
          [x + size * 0.7, y + size * 0.76],
          [x + size * 0.3, y + size * 0.76],
        ],
        0xd5d5d2,
      );
      dot(0.32, 0.5);
      dot(0.5, 0.58);
      return dot(0.68, 0.5);
    default:
      return socket satisfies never;
  }
}

/** Draws a window with a view of the city: landmark, houses and trees, each if the plan shows it. */
function drawWindow(stage: Stage, box: Box): void {
  const frame = stage.element('window');
  frame.rect(box.x - 1.6, box.y - 1.6, box.width + 3.2, box.height + 3.2, 0xf6f5f0);
  stage.canvas.inside(box, () => {
    drawSky(stage, 78);
    const shows =
      stage.source('landmark') !== undefined ||
      stage.source('wall') !== undefined ||
      stage.source('roof') !== undefined;
    if (shows) {
      drawFarHouses(stage, 82, 14);
      drawCityLandmark(stage, { x: stage.between(40, 56), ground: 80, height: 58 });
      if (stage.source('wall') !== undefined || stage.source('roof') !== undefined)
        drawRow(stage, { from: -4, to: 100, ground: 98 });
    } else stage.element('cloudy sky').rect(0, 0, UNITS, UNITS, { top: 0xb9c7d2, bottom: 0xe6ebee });
    if (stage.source('vegetation') !== undefined) drawTree(stage, { x: stage.between(70, 84), ground: 96, height: 62 });
  });
  frame.rect(box.x + box.width / 2 - 0.6, box.y, 1.2, box.height, 0xf6f5f0);
}

export function drawLamp(stage: Stage, x: number, floor: number): void {
  const brush = stage.element('lamp');
  brush.rect(x - 0.5, floor - 34, 1, 36, 0x4a4a4e);
  brush.polygon(
    [
      [x - 6, floor - 32],
      [x + 6, floor - 32],
      [x + 3.5, floor - 42],
      [x - 3.5, floor - 42],
    ],
    0xf4e2b0,
  );
  brush.rect(x - 4, floor + 1, 8, 1.4, 0x4a4a4e);
}

export function drawSofa(stage: Stage, x: number, floor: number): void {
  const brush = stage.element('sofa');
  const paint = stage.pick([0x8a4a4a, 0x4a6a7a, 0x6a6a5a, 0x9a7a4a]);
  brush.rect(x, floor - 10, 40, 12, darker(paint, 0.12));
  brush.rect(x + 2, floor - 2, 36, 8, paint);
  brush.rect(x - 3, floor - 5, 6, 12, lighter(paint, 0.08));
  brush.rect(x + 37, floor - 5, 6, 12, lighter(paint, 0.08));
}

export function drawTable(stage: Stage, x: number, floor: number): void {
  const brush = stage.element('table');
  brush.rect(x, floor - 6, 34, 2.6, 0x7a5234);
  brush.rect(x + 2, floor - 4, 2, 16, 0x5f3f28);
  brush.rect(x + 30, floor - 4, 2, 16, 0x5f3f28);
  const cup = stage.element('cup');
  cup.rect(x + 8, floor - 10, 4.4, 4, 0xf3f3f0);
  cup.rect(x + 20, floor - 10, 4.4, 4, 0xf3f3f0);
}

export function room(stage: Stage): void {
  const floor = drawRoom(stage);
  const left = stage.chance(0.5);
  drawWindow(stage, { x: left ? 7 : 46, y: stage.between(9, 13), width: 43, height: 43 });
  const other = left ? 55 : 8;
  if (stage.source('flag') !== undefined) drawFlagAt(stage, { x: other + 4, y: 12, width: 27, height: 18 });
  if (stage.source('script') !== undefined)
    drawBoard(
      stage,
      { x: other, y: stage.source('flag') === undefined ? 18 : 36, width: 34, height: 20 },
      { thing: 'poster', lines: 2 },
    );
  drawSocket(stage, { x: left ? 62 : 16, y: floor - 16, size: 13 });
  if (stage.source('socket') === undefined || stage.chance(0.4)) drawSofa(stage, left ? 8 : 46, floor + 4);
  else drawLamp(stage, left ? 20 : 80, floor);
}

export function cafe(stage: Stage): void {
  const floor = drawRoom(stage);
  drawBoard(stage, { x: 8, y: 10, width: 42, height: 30 }, { thing: 'menu board', lines: 3 });
  drawWindow(stage, { x: 54, y: 10, width: 36, height: 40 });
  if (stage.source('flag') !== undefined) drawFlagAt(stage, { x: 18, y: 45, width: 24, height: 16 });
  drawSocket(stage, { x: 60, y: floor - 15, size: 12 });
  drawTable(stage, stage.between(10, 24), floor + 4);
  drawTable(stage, stage.between(50, 58), floor + 10);
  if (stage.chance(0.5)) drawPerson(stage, { x: 50, ground: floor + 10, height: 34 });
}

export function station(stage: Stage): void {
  const floor = stage.between(74, 80);
  stage.element('tiled wall').rect(-8, -8, UNITS + 16, UNITS, { top: 0xd4d8da, bottom: 0xc2c7ca });
  const tiles = stage.element('tiled wall');
  for (let x = 0; x < UNITS; x += 6) tiles.rect(x, -8, 0.4, floor + 8, 0xb4b9bc);
  for (let y = 4; y < floor; y += 6) tiles.rect(-8, y, UNITS + 16, 0.4, 0xb4b9bc);
  stage.element('ceiling').rect(-8, -8, UNITS + 16, 16, 0x6a6f74);
  drawBoard(stage, { x: 16, y: 16, width: 62, height: 13 }, { thing: 'station sign' });
  if (stage.source('flag') !== undefined) drawFlagAt(stage, { x: 66, y: 32, width: 21, height: 14 });
  drawTransit(stage, { x: -6, y: floor - 36, width: 96, height: 36 });
  stage.element('platform').rect(-8, floor, UNITS + 16, UNITS, { top: 0xa8a49c, bottom: 0x8d8981 });
  stage.element('platform').rect(-8, floor + 2, UNITS + 16, 1.6, 0xe6e6e0);
  for (let i = 0; i < 2; i++)
    drawPerson(stage, { x: stage.between(14, 84), ground: stage.between(floor + 8, 94), height: 30 });
}
