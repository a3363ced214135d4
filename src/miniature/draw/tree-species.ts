/** The look of each tree species: its trunk or branches, special shapes, and a crown of ellipses. */
import type { Tree } from '../facts/country.ts';
import type { Brush, Point } from './canvas.ts';
import { type Colour, darker, lighter } from './colour.ts';

/** The look of a species. All lengths are shares of the tree's height. */
export type Species = {
  readonly name: string;
  readonly trunk?: { readonly width: number; readonly height: number; readonly colour?: Colour };
  readonly branches?: readonly Branch[];
  readonly shapes?: (pen: Pen) => void;
  readonly crown?: readonly Blob[];
};

export type Branch = {
  /** Points on the branch: x to the right of the trunk, y up from the ground. */
  readonly from: readonly Point[];
  /** End of the branch: x to the right of the trunk, y down from the top. */
  readonly to: Point;
  readonly width: number;
  readonly colour: Colour;
};

/** An ellipse of the crown; its centre is `x` to the right of the trunk and `down` below the top. */
export type Blob = readonly [x: number, down: number, radiusX: number, radiusY: number, green: Colour];

/** Draws the shapes of one tree. `x` is the middle of the tree's foot, `h` the tree's height. */
export type Pen = {
  readonly brush: Brush;
  readonly x: number;
  readonly top: number;
  readonly ground: number;
  readonly h: number;
  /** Returns the colour with a small random change. */
  readonly green: (base: Colour) => Colour;
  /** Draws an ellipse in exactly the given colour. */
  readonly blob: (...blob: Blob) => void;
  /** Draws a polygon; its points are x to the right of the trunk and y down from the top. */
  readonly shape: (points: readonly Point[], colour: Colour) => void;
};

/** Groups a flat list x, y, x, y, … into points. */
const points = (...flat: readonly number[]): Point[] =>
  flat.flatMap((x, i) => (i % 2 === 0 ? [[x, flat[i + 1]!] as const] : []));

const [EUCALYPTUS_BARK, BAOBAB_BARK, ACACIA_BARK] = [0xd8cdb8, 0x9a8470, 0x5e4630];

export const SPECIES: Readonly<Record<Tree, Species>> = {
  conifer: { name: 'conifer tree', trunk: { width: 0.09, height: 0.2 }, shapes: coniferTiers },
  cactus: { name: 'columnar cactus', shapes: cactusArms },
  bamboo: { name: 'bamboo grove', shapes: bambooStems },
  'tree fern': {
    name: 'tree fern',
    trunk: { width: 0.07, height: 0.7, colour: 0x4a3526 },
    shapes: leaves(0x3d7a3a, {
      half: 0.035,
      tips: points(-0.42, 0.2, -0.34, 0.02, -0.16, -0.08, 0.16, -0.08, 0.34, 0.02, 0.42, 0.2),
    }),
  },
  cherry: {
    name: 'blossoming cherry tree',
    trunk: { width: 0.1, height: 0.45, colour: 0x4e3630 },
    crown: [
      [0, 0.34, 0.38, 0.28, 0xf0b6c8],
      [-0.14, 0.24, 0.2, 0.16, 0xf8d2de],
      [0.18, 0.28, 0.18, 0.15, 0xf4c2d2],
    ],
  },
  araucaria: {
    name: 'umbrella araucaria tree',
    trunk: { width: 0.06, height: 0.9, colour: 0x4a3a2c },
    shapes: araucariaTiers,
  },
  banana: {
    name: 'banana plant',
    trunk: { width: 0.1, height: 0.7, colour: 0x8a9a4a },
    shapes: leaves(0x5fae3e, {
      half: 0.08,
      tips: points(-0.36, -0.12, -0.2, -0.3, 0.06, -0.34, 0.3, -0.2, 0.38, 0.06, -0.4, 0.12),
    }),
  },
  acacia: {
    name: 'flat-topped acacia tree',
    branches: [
      { from: points(0, 0, 0, 0.4), to: [-0.25, 0.2], width: 0.06, colour: ACACIA_BARK },
      { from: [[0, 0.4]], to: [0.25, 0.2], width: 0.05, colour: ACACIA_BARK },
    ],
    crown: [
      [0, 0.16, 0.55, 0.1, 0x6e8238],
      [0.06, 0.1, 0.36, 0.07, 0x84974a],
    ],
  },
  cypress: {
    name: 'slender cypress tree',
    trunk: { width: 0.06, height: 0.1 },
    shapes: ({ shape, green }) => shape(points(-0.09, 0.92, -0.11, 0.6, 0, 0, 0.11, 0.6, 0.09, 0.92), green(0x234a33)),
  },
  birch: {
    name: 'white-barked birch tree',
    shapes: ({ brush, x, top, h }) => {
      brush.rect(x - h * 0.035, top + h * 0.3, h * 0.07, h * 0.7, 0xf0eee8);
      for (const y of [0.5, 0.62, 0.78, 0.9]) brush.rect(x - h * 0.035, top + y * h, h * 0.04, h * 0.02, 0x33332f);
    },
    crown: [[0, 0.3, 0.2, 0.3, 0x93b85a]],
  },
  palm: {
    name: 'palm tree',
    branches: [{ from: points(0, 0, 0.04, 0.45), to: [0.1, 0.12], width: 0.055, colour: 0x8a6a45 }],
    shapes: palmLeaves,
  },
  olive: {
    name: 'silvery olive tree',
    branches: [{ from: points(0, 0, -0.06, 0.25), to: [0.04, 0.4], width: 0.12, colour: 0x6f604c }],
    crown: [
      [-0.16, 0.36, 0.24, 0.18, 0x9aa78a],
      [0.16, 0.34, 0.24, 0.2, 0x8d9c7c],
      [0, 0.2, 0.22, 0.16, 0xaab598],
    ],
  },
  eucalyptus: {
    name: 'tall eucalyptus tree',
    branches: [
      { from: [[0, 0]], to: [-0.03, 0.3], width: 0.07, colour: EUCALYPTUS_BARK },
      { from: [[-0.01, 0.4]], to: [0.18, 0.25], width: 0.045, colour: EUCALYPTUS_BARK },
    ],
    crown: [
      [-0.1, 0.2, 0.22, 0.16, 0x7f9a78],
      [0.18, 0.18, 0.18, 0.13, 0x8fa888],
      [0.02, 0.08, 0.16, 0.1, 0x7f9a78],
    ],
  },
  baobab: { name: 'thick baobab tree', shapes: baobabBody },
  broadleaf: {
    name: 'round broadleaf tree',
    trunk: { width: 0.11, height: 0.45 },
    crown: [
      [0, 0.34, 0.36, 0.34, 0x3f7f3a],
      [-0.12, 0.26, 0.2, 0.2, 0x569a48],
    ],
  },
};

function coniferTiers({ shape, green }: Pen): void {
  const colour = green(0x1f5638);
  for (const [y, w] of points(0.86, 0.3, 0.64, 0.24, 0.42, 0.17))
    shape(points(-w, y, 0, y - 0.42, w, y), lighter(colour, 0.86 - y > 0.3 ? 0.1 : 0));
}

function cactusArms({ brush, x, top, ground, h, green }: Pen): void {
  const colour = green(0x4c8a4a);
  const arm = (side: number, up: number, paint: Colour): void =>
    brush.line(
      points(x, ground - h * up, x + h * side, ground - h * up, x + h * side, ground - h * (up + 0.3)),
      h * 0.1,
      paint,
    );
  brush.rect(x - h * 0.07, top + h * 0.1, h * 0.14, h * 0.9, colour);
  brush.ellipse(x, top + h * 0.1, h * 0.07, h * 0.07, colour);
  arm(-0.24, 0.42, colour);
  arm(0.24, 0.3, darker(colour, 0.1));
}

function bambooStems({ brush, x, top, ground, h, green }: Pen): void {
  for (const dx of [-0.2, -0.1, 0, 0.1, 0.2]) {
    const colour = green(0x7fae4c);
    brush.rect(x + dx * h - h * 0.02, top + Math.abs(dx) * h * 0.6, h * 0.045, h - Math.abs(dx) * h * 0.6, colour);
    for (let y = top + h * 0.3; y < ground; y += h * 0.14)
      brush.rect(x + dx * h - h * 0.025, y, h * 0.055, h * 0.02, darker(colour, 0.35));
    brush.ellipse(x + dx * h * 1.3, top + h * (0.1 + Math.abs(dx)), h * 0.12, h * 0.06, lighter(colour, 0.1));
  }
}

/**
 * Draws leaves from one point near the top to the `tips`. Each leaf is a rhombus whose vertical diagonal is twice
 * `half`. `half` is a share of the tree's height.
 */
function leaves(base: Colour, { half, tips }: { half: number; tips: readonly Point[] }): (pen: Pen) => void {
  return ({ brush, x, top, h, green }) => {
    const colour = green(base);
    for (const [dx, dy] of tips) {
      const [tx, ty] = [x + dx * h, top + h * 0.32 + dy * h];
      const [cx, cy] = [(x + tx) / 2, (top + h * 0.32 + ty) / 2];
      const rhombus = points(x, top + h * 0.34, cx, cy - half * h, tx, ty, cx, cy + half * h);
      brush.polygon(rhombus, lighter(colour, Math.abs(dx) * 0.3));
    }
  };
}

function palmLeaves({ brush, x, top, h, green }: Pen): void {
  const leaf = green(0x2f8a48);
  const [cx, cy] = [x + h * 0.1, top + h * 0.12];
  for (const [dx, dy] of points(-0.36, 0.14, 0.36, 0.14, -0.32, -0.08, 0.32, -0.08, -0.16, 0.26, 0.16, 0.26, 0, -0.14))
    brush.polygon(
      points(
        cx,
        cy - h * 0.03,
        cx + dx * h * 0.6,
        cy + dy * h * 0.2 - h * 0.1,
        cx + dx * h,
        cy + dy * h,
        cx + dx * h * 0.55,
        cy + dy * h * 0.3 - h * 0.02,
      ),
      leaf,
    );
}

function baobabBody({ brush, x, top, h, green, blob, shape }: Pen): void {
  shape(points(-0.2, 1, 0.2, 1, 0.15, 0.3, -0.15, 0.3), BAOBAB_BARK);
  for (const dx of [-0.3, -0.12, 0.12, 0.3]) {
    brush.line(points(x + dx * h * 0.4, top + h * 0.34, x + dx * h, top + h * 0.12), h * 0.06, BAOBAB_BARK);
    blob(dx * 1.1, 0.1, 0.12, 0.07, green(0x6f8a3f));
  }
}

function araucariaTiers({ shape, blob, green }: Pen): void {
  for (const [y, w] of points(0.06, 0.36, 0.17, 0.3, 0.28, 0.2)) {
    shape(points(-w, y, 0, y + 0.08, w, y, 0, y + 0.03), green(0x2f5c40));
    for (const dx of [-w, w]) blob(dx, y, 0.07, 0.05, green(0x2f5c40));
  }
}
