/** Draws cars, including taxis, from behind, from the front and from the side. */
import type { Stage } from '../stage.ts';
import type { Brush } from './canvas.ts';
import { COLOURS, type Colour, type ColourName, darker, lighter } from './colour.ts';
import { drawPlate } from './plate.ts';

export const GLASS = 0x4a6478;
export const TYRE = 0x202226;
/** Paint colours of private cars. They are the same in every country, and no taxi has them. */
const CAR_PAINTS: readonly Colour[] = [0xb9bec4, 0x6d747c, 0x3a4048, 0x8f2f2f, 0x35507c, 0x7e8a74, 0xd9dad8];

export type CarOptions = {
  readonly x: number;
  readonly ground: number;
  readonly width: number;
  readonly facing: 'front' | 'rear';
  /** False for a car whose plate is too far away to read. */
  readonly plate?: boolean;
};

export const taxiName = ([body, second]: readonly [ColourName, ColourName]): string =>
  `${body === second ? body : `${body} and ${second}`} taxi`;

/** The element and colours of the country's taxis, if the plan shows a taxi. */
export function taxiOf(stage: Stage): { brush: Brush; livery: readonly [ColourName, ColourName] } | undefined {
  const source = stage.source('taxi');
  const livery = source?.country.taxi;
  if (source === undefined || livery === undefined) return undefined;
  const value = livery.join(' and ');
  return { brush: stage.element(taxiName(livery), { kind: 'taxi', value, misleading: source.misleading }), livery };
}

/** Draws a taxi if the plan shows one, otherwise a private car, from behind or from the front. */
export function drawCarOrTaxi(stage: Stage, options: CarOptions): void {
  const taxi = taxiOf(stage);
  if (taxi === undefined) drawCar(stage, stage.element('car'), options);
  else drawCar(stage, taxi.brush, { ...options, livery: taxi.livery });
}

/** Draws a car from behind or from the front, with a plate if the plan shows one. `livery` makes it a taxi. */
export function drawCar(
  stage: Stage,
  brush: Brush,
  options: CarOptions & { livery?: readonly [ColourName, ColourName] },
): void {
  const { x, ground, width: w, facing, livery, plate = true } = options;
  const paint = livery === undefined ? stage.pick(CAR_PAINTS) : COLOURS[livery[0]];
  const roof = livery === undefined ? darker(paint, 0.12) : COLOURS[livery[1]];
  const left = x - w / 2;
  const h = w * 0.74;
  const top = ground - h;
  stage.element('road').ellipse(x, ground - 0.2, w * 0.56, w * 0.05, 0x2c2d30, 0.45);
  brush.rect(left + w * 0.07, ground - w * 0.16, w * 0.17, w * 0.16, TYRE);
  brush.rect(left + w * 0.76, ground - w * 0.16, w * 0.17, w * 0.16, TYRE);
  brush.polygon(
    [
      [left + w * 0.13, top + h * 0.42],
      [left + w * 0.24, top + h * 0.06],
      [left + w * 0.76, top + h * 0.06],
      [left + w * 0.87, top + h * 0.42],
    ],
    roof,
  );
  brush.polygon(
    [
      [left + w * 0.2, top + h * 0.4],
      [left + w * 0.28, top + h * 0.13],
      [left + w * 0.72, top + h * 0.13],
      [left + w * 0.8, top + h * 0.4],
    ],
    GLASS,
  );
  brush.polygon(
    [
      [left + w * 0.02, top + h * 0.5],
      [left + w * 0.1, top + h * 0.38],
      [left + w * 0.9, top + h * 0.38],
      [left + w * 0.98, top + h * 0.5],
      [left + w * 0.98, top + h * 0.9],
      [left + w * 0.02, top + h * 0.9],
    ],
    { top: lighter(paint, 0.08), bottom: darker(paint, 0.18) },
  );
  brush.rect(left + w * 0.04, top + h * 0.84, w * 0.92, h * 0.06, darker(paint, 0.5));
  const lights = facing === 'rear' ? 0xd42a20 : 0xfdf3c4;
  brush.rect(left + w * 0.05, top + h * 0.5, w * 0.14, h * 0.12, lights);
  brush.rect(left + w * 0.81, top + h * 0.5, w * 0.14, h * 0.12, lights);
  if (facing === 'front') brush.rect(left + w * 0.3, top + h * 0.5, w * 0.4, h * 0.1, darker(paint, 0.55));
  if (livery !== undefined) brush.rect(x - w * 0.11, top - h * 0.03, w * 0.22, h * 0.09, 0xfdf6d8);
  const source = stage.source('plate');
  if (source !== undefined && plate) drawPlate(stage, source, { x, y: top + h * 0.74, carWidth: w });
}

/** Draws a car from the side. */
export function drawCarSide(
  stage: Stage,
  brush: Brush,
  {
    x,
    ground,
    width: w,
    livery,
  }: { x: number; ground: number; width: number; livery?: readonly [ColourName, ColourName] },
): void {
  const paint = livery === undefined ? stage.pick(CAR_PAINTS) : COLOURS[livery[0]];
  const h = w * 0.3;
  const top = ground - h;
  brush.polygon(
    [
      [x + w * 0.2, top + h * 0.45],
      [x + w * 0.32, top],
      [x + w * 0.7, top],
      [x + w * 0.84, top + h * 0.45],
    ],
    livery === undefined ? darker(paint, 0.1) : COLOURS[livery[1]],
  );
  brush.polygon(
    [
      [x + w * 0.26, top + h * 0.42],
      [x + w * 0.35, top + h * 0.08],
      [x + w * 0.5, top + h * 0.08],
      [x + w * 0.5, top + h * 0.42],
    ],
    GLASS,
  );
  brush.polygon(
    [
      [x + w * 0.53, top + h * 0.42],
      [x + w * 0.53, top + h * 0.08],
      [x + w * 0.67, top + h * 0.08],
      [x + w * 0.77, top + h * 0.42],
    ],
    GLASS,
  );
  brush.rect(x, top + h * 0.42, w, h * 0.42, paint);
  if (livery !== undefined) {
    brush.rect(x, top + h * 0.58, w, h * 0.12, COLOURS[livery[1]]);
    brush.rect(x + w * 0.45, top - h * 0.14, w * 0.12, h * 0.14, 0xfdf6d8);
  }
  for (const wheel of [0.2, 0.8]) {
    brush.ellipse(x + w * wheel, ground - h * 0.16, w * 0.085, w * 0.085, TYRE);
    brush.ellipse(x + w * wheel, ground - h * 0.16, w * 0.04, w * 0.04, 0xa9adb2);
  }
}
