/** Draws a city's bus, tram or train from the side. */
import type { Vehicle } from '../facts/cities.ts';
import type { Stage } from '../stage.ts';
import type { Box } from './canvas.ts';
import { GLASS, TYRE } from './car.ts';
import { COLOURS, type ColourName, darker, lighter, mix } from './colour.ts';

export const transitName = ({
  vehicle,
  body,
  stripe,
}: {
  vehicle: Vehicle;
  body: ColourName;
  stripe: ColourName;
}): string => (body === stripe ? `${body} ${vehicle}` : `${body} and ${stripe} ${vehicle}`);

/** Draws the city's vehicle in the city's colours, if the plan shows one. */
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
