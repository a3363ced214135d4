/**
 * A small rasteriser that paints filled polygons over each other on a square. Each polygon belongs to an element. One
 * loop writes colours to one buffer and element indices to another, so the segmentation is exact even where elements
 * overlap. The rasteriser uses only simple arithmetic and Math.sin/cos, and no fonts or curves, so that the picture is
 * the same on every machine.
 */
import { type Colour, mix } from './colour.ts';

/** Width and height of every picture in drawing units, whatever its number of pixels. */
export const UNITS = 96;
/** Number of sub-pixels along each side of a pixel. */
const SUBPIXELS = 4;

export type Point = readonly [x: number, y: number];
/** One colour, or a vertical gradient over the height of the shape. */
export type Paint = Colour | { readonly top: Colour; readonly bottom: Colour };
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Draws the shapes of one element. Coordinates are in drawing units, with y downwards. */
export type Brush = {
  readonly index: number;
  polygon(points: readonly Point[], paint: Paint, opacity?: number): void;
  rect(x: number, y: number, width: number, height: number, paint: Paint, opacity?: number): void;
  ellipse(centreX: number, centreY: number, radiusX: number, radiusY: number, paint: Paint, opacity?: number): void;
  line(points: readonly Point[], width: number, paint: Paint, opacity?: number): void;
};

export type Area = {
  /** Share of the picture that shows the element, in [0, 1]. */
  readonly visible: number;
  /** Share of the picture that the element's shapes painted, including covered parts; overlaps count twice. */
  readonly painted: number;
};

export type Canvas = {
  /** Creates a brush for a new element. */
  brush(): Brush;
  /**
   * Shrinks everything that `draw` paints into the box, and clips it there. This is how, for example, the view from a
   * window is drawn.
   */
  inside(box: Box, draw: () => void): void;
  /** The area of each element, by brush index. */
  areas(): Area[];
  /** The RGB bytes of the `pixels` × `pixels` picture, row by row. */
  image(tint?: Tint): Uint8Array;
  /** For each pixel, row by row, the index of the element with the most of its sub-pixels. */
  segmentation(): Uint8Array;
};

/** Factors by which the light multiplies the three colour channels. */
export type Tint = readonly [red: number, green: number, blue: number];
type Frame = { scale: number; x: number; y: number; left: number; top: number; right: number; bottom: number };

/** `zoom` and `shift` (in drawing units) move the camera. A zoom of 1.1 leaves room for a shift of ±4. */
export function createCanvas(options: { pixels: number; zoom?: number; shift?: Point }): Canvas {
  const { pixels, zoom = 1, shift = [0, 0] } = options;
  const side = pixels * SUBPIXELS;
  const colours = new Uint32Array(side * side);
  const elements = new Uint8Array(side * side);
  const painted: number[] = [];
  const unit = side / UNITS;
  let frame: Frame = {
    scale: unit * zoom,
    x: unit * (shift[0] - (UNITS * (zoom - 1)) / 2),
    y: unit * (shift[1] - (UNITS * (zoom - 1)) / 2),
    left: 0,
    top: 0,
    right: side,
    bottom: side,
  };

  const polygon = (index: number, points: readonly Point[], paint: Paint, opacity: number): void => {
    const { scale, left, right } = frame;
    const xs = points.map(([x]) => x * scale + frame.x);
    const ys = points.map(([, y]) => y * scale + frame.y);
    const lowest = Math.min(...ys);
    const highest = Math.max(...ys);
    const first = Math.max(frame.top, Math.ceil(lowest - 0.5));
    const end = Math.min(frame.bottom, Math.ceil(highest - 0.5));
    const crossings: number[] = [];
    for (let row = first; row < end; row++) {
      const y = row + 0.5;
      crossings.length = 0;
      for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
        const yi = ys[i]!;
        const yj = ys[j]!;
        if (yi <= y !== yj <= y) crossings.push(xs[i]! + ((y - yi) / (yj - yi)) * (xs[j]! - xs[i]!));
      }
      crossings.sort((a, b) => a - b);
      const colour =
        typeof paint === 'number' ? paint : mix(paint.top, paint.bottom, (y - lowest) / (highest - lowest));
      for (let k = 0; k + 1 < crossings.length; k += 2) {
        const from = Math.max(left, Math.ceil(crossings[k]! - 0.5));
        const to = Math.min(right, Math.ceil(crossings[k + 1]! - 0.5));
        if (from >= to) continue;
        span(index, row * side + from, row * side + to, colour, opacity);
      }
    }
  };

  /**
   * Paints part of a row. Below half opacity (glass, shadow), the paint only tints the elements behind it, which stay
   * visible.
   */
  const span = (index: number, from: number, to: number, colour: Colour, opacity: number): void => {
    if (opacity >= 1) colours.fill(colour, from, to);
    else for (let i = from; i < to; i++) colours[i] = mix(colours[i]!, colour, opacity);
    if (opacity < 0.5) return;
    elements.fill(index, from, to);
    painted[index]! += to - from;
  };

  const brush = (): Brush => {
    const index = painted.push(0) - 1;
    if (index > 255) throw new RangeError('Too many elements: a picture can have at most 256.');
    return {
      index,
      polygon: (points, paint, opacity = 1) => polygon(index, points, paint, opacity),
      rect: (x, y, width, height, paint, opacity = 1) => polygon(index, corners(x, y, width, height), paint, opacity),
      ellipse: (x, y, radiusX, radiusY, paint, opacity = 1) =>
        polygon(index, ellipsePoints(x, y, radiusX, radiusY), paint, opacity),
      line: (points, width, paint, opacity = 1) => {
        for (let i = 0; i + 1 < points.length; i++)
          polygon(index, thickLine(points[i]!, points[i + 1]!, width), paint, opacity);
      },
    };
  };

  return {
    brush,
    inside: ({ x, y, width, height }, draw) => {
      const outer = frame;
      const scale = outer.scale * (Math.max(width, height) / UNITS);
      const left = outer.x + x * outer.scale;
      const top = outer.y + y * outer.scale;
      frame = {
        scale,
        // The box's longer side shows the full extent of the picture, its shorter side only the middle.
        x: left - Math.max(0, (UNITS * scale - width * outer.scale) / 2),
        y: top - Math.max(0, (UNITS * scale - height * outer.scale) / 2),
        left: Math.max(outer.left, Math.ceil(left - 0.5)),
        top: Math.max(outer.top, Math.ceil(top - 0.5)),
        right: Math.min(outer.right, Math.ceil(left + width * outer.scale - 0.5)),
        bottom: Math.min(outer.bottom, Math.ceil(top + height * outer.scale - 0.5)),
      };
      draw();
      frame = outer;
    },
    areas: () => {
      const counts = new Uint32Array(256);
      // This loop runs for every sub-pixel; iterating over the typed array instead would take three times as long.
      for (let i = 0; i < elements.length; i++) counts[elements[i]!]! += 1;
      return painted.map((count, index) => ({
        visible: counts[index]! / elements.length,
        painted: count / elements.length,
      }));
    },
    image: (tint = [1, 1, 1]) => downsample(colours, pixels, tint),
    segmentation: () => majority(elements, pixels),
  };
}

const corners = (x: number, y: number, width: number, height: number): Point[] => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];

const CIRCLE: readonly Point[] = Array.from({ length: 20 }, (_, i) => [
  Math.cos((i * Math.PI) / 10),
  Math.sin((i * Math.PI) / 10),
]);

const ellipsePoints = (x: number, y: number, radiusX: number, radiusY: number): Point[] =>
  CIRCLE.map(([cos, sin]) => [x + cos * radiusX, y + sin * radiusY]);

/** The four corners of a straight line with a width. */
export function thickLine([ax, ay]: Point, [bx, by]: Point, width: number): Point[] {
  const length = Math.sqrt((bx - ax) ** 2 + (by - ay) ** 2) || 1;
  const nx = ((ay - by) / length) * (width / 2);
  const ny = ((bx - ax) / length) * (width / 2);
  return [
    [ax + nx, ay + ny],
    [bx + nx, by + ny],
    [bx - nx, by - ny],
    [ax - nx, ay - ny],
  ];
}

/** Averages each block of SUBPIXELS × SUBPIXELS sub-pixels and applies the light. */
function downsample(colours: Uint32Array, pixels: number, tint: Tint): Uint8Array {
  const side = pixels * SUBPIXELS;
  const factor = tint.map((value) => value / SUBPIXELS ** 2);
  const image = new Uint8Array(pixels * pixels * 3);
  for (let y = 0; y < pixels; y++) {
    for (let x = 0; x < pixels; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let dy = 0; dy < SUBPIXELS; dy++) {
        const start = (y * SUBPIXELS + dy) * side + x * SUBPIXELS;
        for (let dx = 0; dx < SUBPIXELS; dx++) {
          const colour = colours[start + dx]!;
          red += colour >> 16;
          green += (colour >> 8) & 255;
          blue += colour & 255;
        }
      }
      const at = (y * pixels + x) * 3;
      image[at] = Math.min(255, red * factor[0]! + 0.5);
      image[at + 1] = Math.min(255, green * factor[1]! + 0.5);
      image[at + 2] = Math.min(255, blue * factor[2]! + 0.5);
    }
  }
  return image;
}

function majority(elements: Uint8Array, pixels: number): Uint8Array {
  const side = pixels * SUBPIXELS;
  const counts = new Uint8Array(256);
  const map = new Uint8Array(pixels * pixels);
  for (let at = 0; at < map.length; at++) {
    const start = Math.floor(at / pixels) * SUBPIXELS * side + (at % pixels) * SUBPIXELS;
    let best = elements[start]!;
    counts.fill(0);
    for (let i = 0; i < SUBPIXELS ** 2; i++) {
      const element = elements[start + Math.floor(i / SUBPIXELS) * side + (i % SUBPIXELS)]!;
      counts[element]! += 1;
      if (counts[element]! > counts[best]!) best = element;
    }
    map[at] = best;
  }
  return map;
}
