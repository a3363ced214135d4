/** Cars from behind and in front, from the side, and the buses and trams of the cities. */
import { plateName } from '../facts/country.ts';
import type { Plate } from '../facts/country.ts';
import type { Vehicle } from '../facts/cities.ts';
import type { Source, Stage } from '../stage.ts';
import type { Box, Brush } from './canvas.ts';
import { COLOURS, type Colour, type ColourName, darker, lighter, mix } from './colour.ts';
import { drawText } from './glyphs.ts';

const GLASS = 0x4a6478;
const TYRE = 0x202226;
/** Paints of private cars: the same everywhere, and no taxi's. */
const CAR_PAINTS: readonly Colour[] = [0xb9bec4, 0x6d747c, 0x3a4048, 0x8f2f2f, 0x35507c, 0x7e8a74, 0xd9dad8];

export type CarOptions = {
  readonly x: number;
  readonly ground: number;
  readonly width: number;
  readonly facing: 'front' | 'rear';
  /** False for a car too far away for its plate to be read. */
  readonly plate?: boolean;
};

export const taxiName = ([body, second]: readonly [ColourName, ColourName]): string =>
  `${body === second ? body : `${body} and ${second}`} taxi`;

/** The element and colours of the country's taxis, where the plan shows one. */
export function taxiOf(stage: Stage): { brush: Brush; livery: readonly [ColourName, ColourName] } | undefined {
  const source = stage.source('taxi');
  const livery = source?.country.taxi;
  if (source === undefined || livery === undefined) return undefined;
  const value = livery.join(' and ');
  return { brush: stage.element(taxiName(livery), { kind: 'taxi', value, misleading: source.misleading }), livery };
}

/** A taxi where the plan shows one, else somebody's car, seen along its axis. */
export function drawCarOrTaxi(stage: Stage, options: CarOptions): void {
  const taxi = taxiOf(stage);
  if (taxi === undefined) drawCar(stage, stage.element('car'), options);
  else drawCar(stage, taxi.brush, { ...options, livery: taxi.livery });
}

/** A car seen along its axis, with a plate where the plan shows one. `livery` makes it a taxi. */
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

/** A plate in the middle of a bumper, larger than life so that its colours can be seen. */
function drawPlate(
  stage: Stage,
  { country, misleading }: Source,
  at: { x: number; y: number; carWidth: number },
): void {
  const { plate } = country;
  const width = at.carWidth * (plate.format === 'long' ? 0.56 : 0.34);
  const height = at.carWidth * (plate.format === 'long' ? 0.145 : 0.19);
  const box: Box = { x: at.x - width / 2, y: at.y - height / 2, width, height };
  const brush = stage.element(plateName(plate), { kind: 'plate', value: plateName(plate), misleading });
  paintPlate(brush, box, plate, stage);
}

function paintPlate(brush: Brush, { x, y, width, height }: Box, { ground, band, format }: Plate, stage: Stage): void {
  brush.rect(x - 0.35, y - 0.35, width + 0.7, height + 0.7, 0x2a2c30);
  brush.rect(x, y, width, height, COLOURS[ground]);
  const dark = ground === 'black' || ground === 'blue';
  const text: Colour = dark ? 0xffffff : 0x22242a;
  const side = width * 0.12;
  switch (band) {
    case 'left blue':
    case 'both blue':
      brush.rect(x, y, side, height, 0x1f47b0);
      if (band === 'both blue') brush.rect(x + width - side, y, side, height, 0x1f47b0);
      break;
    case 'right flag':
      brush.rect(x + width - side * 1.3, y, side * 1.3, height, 0xdfe4ee);
      brush.rect(x + width - side * 1.2, y + height * 0.5, side * 1.1, height * 0.2, 0x2458c4);
      brush.rect(x + width - side * 1.2, y + height * 0.7, side * 1.1, height * 0.2, 0xd22a22);
      break;
    case 'top blue':
      brush.rect(x, y, width, height * 0.3, 0x1f47b0);
      break;
    case 'top red':
      brush.rect(x, y, width, height * 0.3, COLOURS.red);
      break;
    case 'top green':
      brush.rect(x, y, width, height * 0.3, COLOURS.green);
      break;
    case 'top orange':
      brush.rect(x, y, width, height * 0.3, COLOURS.orange);
      break;
    case undefined:
      break;
    default:
      band satisfies never;
  }
  const topped = band?.startsWith('top') === true;
  const letters: Box = {
    x: x + width * (band === 'left blue' || band === 'both blue' ? 0.16 : 0.06),
    y: y + height * (topped ? 0.42 : 0.24),
    width: width * (band === undefined || topped ? 0.88 : 0.68),
    height: height * (topped ? 0.42 : 0.52) * (format === 'short' ? 0.9 : 1),
  };
  drawText(brush, letters, { script: 'latin', paint: text, random: stage.random });
}

/** A car from the side, on the far side of a street. */
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

export const transitName = ({
  vehicle,
  body,
  stripe,
}: {
  vehicle: Vehicle;
  body: ColourName;
  stripe: ColourName;
}): string => (body === stripe ? `${body} ${vehicle}` : `${body} and ${stripe} ${vehicle}`);

/** The city's bus, tram or train from the side; its colours are the city's. */
export function drawTransit(stage: Stage, box: Box): void {
  const source = stage.source('transit');
  if (source === undefined) return;
  const { vehicle, body, stripe } = source.city.transit;
  const name = transitName(source.city.transit);
  const brush = stage.element(name, { kind: 'transit', value: name, misleading: source.misleading });
  const { x, y, width: w, height: h } = box;
  const paint = COLOURS[body];
  const rails = vehicle === 'tram' || vehicle === 'metro' || vehicle === 'cable car';
  const bottom = y + h;
  const nose = rails ? w * 0.05 : w * 0.015;
  brush.polygon(
    [
      [x + nose, y],
      [x + w - nose, y],
      [x + w, y + h * 0.5],
      [x + w, bottom - h * 0.1],
      [x, bottom - h * 0.1],
      [x, y + h * 0.5],
    ],
    { top: lighter(paint, 0.1), bottom: darker(paint, 0.08) },
  );
  const decks = vehicle === 'double-decker bus' ? [0.1, 0.48] : [vehicle === 'metro' ? 0.2 : 0.16];
  const glass = mix(GLASS, 0x9cc3dd, 0.35);
  const panes = vehicle === 'minibus' ? 4 : 6;
  for (const deck of decks) {
    for (let i = 0; i < panes; i++)
      brush.rect(
        x + w * (0.04 + (i * 0.92) / panes),
        y + h * deck,
        (w * 0.8) / panes,
        h * (decks.length === 2 ? 0.22 : 0.34),
        glass,
      );
  }
  brush.rect(x, y + h * 0.62, w, h * 0.15, COLOURS[stripe]);
  if (vehicle === 'metro' || vehicle === 'tram') {
    for (const door of [0.3, 0.66]) {
      brush.rect(x + w * door, y + h * 0.14, w * 0.1, h * 0.74, lighter(COLOURS[stripe], 0.15));
      brush.rect(x + w * (door + 0.015), y + h * 0.2, w * 0.03, h * 0.32, glass);
      brush.rect(x + w * (door + 0.055), y + h * 0.2, w * 0.03, h * 0.32, glass);
    }
  }
  if (rails) brush.rect(x + w * 0.08, bottom - h * 0.1, w * 0.84, h * 0.08, 0x33363b);
  else {
    for (const wheel of [0.18, 0.8]) {
      brush.ellipse(x + w * wheel, bottom - h * 0.1, h * 0.13, h * 0.13, TYRE);
      brush.ellipse(x + w * wheel, bottom - h * 0.1, h * 0.06, h * 0.06, 0xa9adb2);
    }
  }
  if (vehicle === 'tram')
    brush.line(
      [
        [x + w * 0.4, y],
        [x + w * 0.5, y - h * 0.28],
        [x + w * 0.6, y - h * 0.3],
      ],
      0.7,
      0x3a3d42,
    );
  if (vehicle === 'trolleybus')
    brush.line(
      [
        [x + w * 0.5, y],
        [x + w * 0.95, y - h * 0.5],
      ],
      0.7,
      0x3a3d42,
    );
  if (vehicle === 'cable car') {
    brush.rect(x + w * 0.1, y - h * 0.12, w * 0.8, h * 0.14, COLOURS[stripe]);
    brush.rect(x + w * 0.35, y - h * 0.24, w * 0.3, h * 0.12, COLOURS[stripe]);
  }
}
