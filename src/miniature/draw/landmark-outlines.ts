/** Computes the polygons of a landmark's parts. landmark-kinds.ts explains the coordinates and the letters. */
import { type Point, thickLine } from './canvas.ts';

/** Returns the polygons of the part that a letter and its numbers describe. */
export function outlines(shape: string, numbers: readonly number[]): Point[][] {
  const [x = 0, y = 0, w = 0, h = 0, n = 0] = numbers;
  switch (shape) {
    case 'b':
      return [trapezoid(x, y, w, w, h)];
    case 't':
      return [trapezoid(x, y, w, h, n)];
    case 's':
      return [trapezoid(x, y, w, 0, h)];
    case 'T':
      return [
        [
          [x, y],
          [x + w, y],
          [x, y + h],
        ],
      ];
    case 'd':
      return [sampled(12, (t) => [x - (w / 2) * Math.cos(t * Math.PI), y + h * Math.sin(t * Math.PI)])];
    case 'o':
      return [onion(x, y, w, h)];
    case 'c':
      return [sampled(20, (t) => [x + w * Math.cos(t * 2 * Math.PI), y + w * Math.sin(t * 2 * Math.PI)])];
    case 'e':
      return [sampled(20, (t) => [x + (w / 2) * Math.cos(t * 2 * Math.PI), y + (h / 2) * Math.sin(t * 2 * Math.PI)])];
    case 'a':
      return [
        [
          [x - w / 2, y],
          ...sampled(8, (t): Point => [
            x - (w / 2) * Math.cos(t * Math.PI),
            y + h - w / 2 + (w / 2) * Math.sin(t * Math.PI),
          ]),
          [x + w / 2, y],
        ],
      ];
    case 'A':
      return [[...parabola(x, y, w, h), ...parabola(x, y, w - 2 * n, h - n).toReversed()]];
    case 'l':
      return [thickLine([x, y], [w, h], n)];
    case 'r':
      return [roof(x, y, w, h)];
    case 'k':
      return Array.from({ length: n }, (_, i) =>
        trapezoid(x - w / 2 + ((i + 0.5) * w) / n, y, (w / n) * 0.5, (w / n) * 0.5, h),
      );
    case 'P':
      return [
        [
          [x - w / 2, y],
          [x + w / 2, y],
          [x + w / 2 + n, y + h],
          [x - w / 2 + n, y + h],
        ],
      ];
    case 'S':
      return [
        sampled(10, (t): Point => [x - w / 2 + w * t, y + h * Math.sin(t * Math.PI * 0.5)]).concat([
          [x + w / 2 - w * 0.1, y],
        ]),
      ];
    case 'L':
      return [steps(x, y, w, h, 1)];
    case 'R':
      return [steps(x, y, w, h, -1)];
    case 'T4':
      return [0, 1, 2].map((i) => trapezoid(x, y + (i * h) / 3, w * (0.8 - 0.26 * i), w * (0.8 - 0.26 * i), h / 3));
    case 'C': {
      // A hanging cable from (x, y) to (w, h) that sags by n.
      const upper = sampled(10, (t): Point => [x + (w - x) * t, y + (h - y) * t - 4 * n * t * (1 - t)]);
      return [[...upper, ...upper.toReversed().map(([px, py]): Point => [px, py - 2])]];
    }
    case 'W':
      return [
        [
          [x - w / 2, y],
          ...sampled(16, (t): Point => [
            x - w / 2 + w * t,
            y + h * (0.55 + 0.4 * Math.abs(Math.cos(t * 2.5 * Math.PI))),
          ]),
          [x + w / 2, y],
        ],
      ];
    default:
      throw new RangeError(`Unknown part of a landmark: "${shape}".`);
  }
}

const sampled = (steps: number, at: (t: number) => Point): Point[] =>
  Array.from({ length: steps + 1 }, (_, i) => at(i / steps));

const trapezoid = (x: number, y: number, foot: number, top: number, height: number): Point[] => [
  [x - foot / 2, y],
  [x + foot / 2, y],
  [x + top / 2, y + height],
  [x - top / 2, y + height],
];

const parabola = (x: number, y: number, width: number, height: number): Point[] =>
  sampled(18, (t) => [x + width * (t - 0.5), y + height * (1 - (2 * t - 1) ** 2)]);

function onion(x: number, y: number, width: number, height: number): Point[] {
  // The right half of the profile, from the neck at the bottom over belly and waist to the tip.
  const profile: Point[] = [
    [0.3, 0],
    [0.46, 0.12],
    [0.5, 0.28],
    [0.44, 0.45],
    [0.26, 0.62],
    [0.1, 0.78],
    [0, 1],
  ];
  const side = (sign: number): Point[] => profile.map(([px, py]) => [x + sign * px * width, y + py * height]);
  return [...side(-1), ...side(1).toReversed()];
}

function roof(x: number, y: number, width: number, height: number): Point[] {
  const half: Point[] = [
    [0.5, 0.3],
    [0.34, 0.26],
    [0.18, 0.7],
    [0.12, 1],
  ];
  const side = (sign: number): Point[] => half.map(([px, py]) => [x + sign * px * width, y + py * height]);
  return [[x + width * 0.42, y], [x - width * 0.42, y], ...side(-1), ...side(1).toReversed()];
}

/** Stairs that rise in the direction `sign` (1 is right) and end at a sheer wall. */
function steps(x: number, y: number, width: number, height: number, sign: 1 | -1): Point[] {
  const foot = x - (sign * width) / 2;
  const points: Point[] = [[foot, y]];
  for (let i = 0; i < 5; i++) {
    const px = foot + (sign * width * i) / 5;
    points.push([px, y + (height * (i + 1)) / 5], [px + (sign * width) / 5, y + (height * (i + 1)) / 5]);
  }
  return [...points, [foot + sign * width, y]];
}
