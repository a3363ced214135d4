/** Trees by species, told apart by outline, and plants that grow anywhere. */
import type { Tree } from '../facts/country.ts';
import type { Stage } from '../stage.ts';
import type { Brush, Point } from './canvas.ts';
import { darker, lighter, varied } from './colour.ts';

export const treeName = (tree: Tree): string =>
  ({
    conifer: 'conifer tree',
    cactus: 'columnar cactus',
    bamboo: 'bamboo grove',
    'tree fern': 'tree fern',
    cherry: 'blossoming cherry tree',
    araucaria: 'umbrella araucaria tree',
    banana: 'banana plant',
    acacia: 'flat-topped acacia tree',
    cypress: 'slender cypress tree',
    birch: 'white-barked birch tree',
    palm: 'palm tree',
    olive: 'silvery olive tree',
    eucalyptus: 'tall eucalyptus tree',
    baobab: 'thick baobab tree',
    broadleaf: 'round broadleaf tree',
  })[tree];

export type Standing = { readonly x: number; readonly ground: number; readonly height: number };

/** A tree of the kind that the plan shows; where it shows none, a bush that grows anywhere, or nothing. */
export function drawTree(stage: Stage, at: Standing, { orBush = true } = {}): void {
  const source = stage.source('vegetation');
  if (source === undefined) {
    if (orBush) drawBush(stage, { ...at, height: at.height * 0.3 });
    return;
  }
  const tree = source.country.trees[stage.random.integer(source.country.trees.length)]!;
  const brush = stage.element(treeName(tree), { kind: 'vegetation', value: tree, misleading: source.misleading });
  paintTree(brush, stage, at, tree);
}

export function drawBush(stage: Stage, { x, ground, height: h }: Standing): void {
  const brush = stage.element('bush');
  const green = varied(0x557a44, stage.random, 14);
  brush.ellipse(x - h * 0.5, ground - h * 0.35, h * 0.5, h * 0.4, green);
  brush.ellipse(x + h * 0.5, ground - h * 0.35, h * 0.5, h * 0.38, darker(green, 0.1));
  brush.ellipse(x, ground - h * 0.5, h * 0.6, h * 0.5, lighter(green, 0.08));
}

function paintTree(brush: Brush, stage: Stage, { x, ground, height: h }: Standing, tree: Tree): void {
  const top = ground - h;
  const green = (base: number): number => varied(base, stage.random, 12);
  const trunk = (width: number, upTo: number, colour = 0x6b4a30): void =>
    brush.polygon(
      [
        [x - width / 2, ground],
        [x + width / 2, ground],
        [x + width * 0.35, upTo],
        [x - width * 0.35, upTo],
      ],
      colour,
    );
  const blob = (dx: number, dy: number, rx: number, ry: number, colour: number): void =>
    brush.ellipse(x + dx * h, top + dy * h, rx * h, ry * h, colour);
  switch (tree) {
    case 'palm': {
      const leaf = green(0x2f8a48);
      brush.line(
        [
          [x, ground],
          [x + h * 0.04, ground - h * 0.45],
          [x + h * 0.1, top + h * 0.12],
        ],
        h * 0.055,
        0x8a6a45,
      );
      const [cx, cy] = [x + h * 0.1, top + h * 0.12];
      for (const [dx, dy] of [
        [-0.36, 0.14],
        [0.36, 0.14],
        [-0.32, -0.08],
        [0.32, -0.08],
        [-0.16, 0.26],
        [0.16, 0.26],
        [0, -0.14],
      ] as const)
        brush.polygon(
          [
            [cx, cy - h * 0.03],
            [cx + dx * h * 0.6, cy + dy * h * 0.2 - h * 0.1],
            [cx + dx * h, cy + dy * h],
            [cx + dx * h * 0.55, cy + dy * h * 0.3 - h * 0.02],
          ],
          leaf,
        );
      return;
    }
    case 'conifer': {
      const colour = green(0x1f5638);
      trunk(h * 0.09, ground - h * 0.2);
      for (const [y, w] of [
        [0.86, 0.3],
        [0.64, 0.24],
        [0.42, 0.17],
      ] as const)
        brush.polygon(
          [
            [x - w * h, top + y * h],
            [x, top + (y - 0.42) * h],
            [x + w * h, top + y * h],
          ],
          lighter(colour, 0.86 - y > 0.3 ? 0.1 : 0),
        );
      return;
    }
    case 'broadleaf':
      trunk(h * 0.11, ground - h * 0.45);
      blob(0, 0.34, 0.36, 0.34, green(0x3f7f3a));
      blob(-0.12, 0.26, 0.2, 0.2, green(0x569a48));
      return;
    case 'acacia':
      brush.line(
        [
          [x, ground],
          [x, ground - h * 0.4],
          [x - h * 0.25, top + h * 0.2],
        ],
        h * 0.06,
        0x5e4630,
      );
      brush.line(
        [
          [x, ground - h * 0.4],
          [x + h * 0.25, top + h * 0.2],
        ],
        h * 0.05,
        0x5e4630,
      );
      blob(0, 0.16, 0.55, 0.1, green(0x6e8238));
      blob(0.06, 0.1, 0.36, 0.07, green(0x84974a));
      return;
    case 'cypress':
      trunk(h * 0.06, ground - h * 0.1);
      brush.polygon(
        [
          [x - h * 0.09, ground - h * 0.08],
          [x - h * 0.11, ground - h * 0.4],
          [x, top],
          [x + h * 0.11, ground - h * 0.4],
          [x + h * 0.09, ground - h * 0.08],
        ],
        green(0x234a33),
      );
      return;
    case 'cactus': {
      const colour = green(0x4c8a4a);
      brush.rect(x - h * 0.07, top + h * 0.1, h * 0.14, h * 0.9, colour);
      brush.ellipse(x, top + h * 0.1, h * 0.07, h * 0.07, colour);
      brush.line(
        [
          [x, ground - h * 0.42],
          [x - h * 0.24, ground - h * 0.42],
          [x - h * 0.24, ground - h * 0.72],
        ],
        h * 0.1,
        colour,
      );
      brush.line(
        [
          [x, ground - h * 0.3],
          [x + h * 0.24, ground - h * 0.3],
          [x + h * 0.24, ground - h * 0.6],
        ],
        h * 0.1,
        darker(colour, 0.1),
      );
      return;
    }
    case 'eucalyptus':
      brush.line(
        [
          [x, ground],
          [x - h * 0.03, top + h * 0.3],
        ],
        h * 0.07,
        0xd8cdb8,
      );
      brush.line(
        [
          [x - h * 0.01, ground - h * 0.4],
          [x + h * 0.18, top + h * 0.25],
        ],
        h * 0.045,
        0xd8cdb8,
      );
      blob(-0.1, 0.2, 0.22, 0.16, green(0x7f9a78));
      blob(0.18, 0.18, 0.18, 0.13, green(0x8fa888));
      blob(0.02, 0.08, 0.16, 0.1, green(0x7f9a78));
      return;
    case 'birch':
      brush.rect(x - h * 0.035, top + h * 0.3, h * 0.07, h * 0.7, 0xf0eee8);
      for (const y of [0.5, 0.62, 0.78, 0.9]) brush.rect(x - h * 0.035, top + y * h, h * 0.04, h * 0.02, 0x33332f);
      blob(0, 0.3, 0.2, 0.3, green(0x93b85a));
      return;
    case 'bamboo': {
      for (const dx of [-0.2, -0.1, 0, 0.1, 0.2]) {
        const colour = green(0x7fae4c);
        brush.rect(x + dx * h - h * 0.02, top + Math.abs(dx) * h * 0.6, h * 0.045, h - Math.abs(dx) * h * 0.6, colour);
        for (let y = top + h * 0.3; y < ground; y += h * 0.14)
          brush.rect(x + dx * h - h * 0.025, y, h * 0.055, h * 0.02, darker(colour, 0.35));
        brush.ellipse(x + dx * h * 1.3, top + h * (0.1 + Math.abs(dx)), h * 0.12, h * 0.06, lighter(colour, 0.1));
      }
      return;
    }
    case 'tree fern':
    case 'banana': {
      const fern = tree === 'tree fern';
      const colour = green(fern ? 0x3d7a3a : 0x5fae3e);
      trunk(h * (fern ? 0.07 : 0.1), top + h * 0.3, fern ? 0x4a3526 : 0x8a9a4a);
      const leaves: readonly Point[] = fern
        ? [
            [-0.42, 0.2],
            [-0.34, 0.02],
            [-0.16, -0.08],
            [0.16, -0.08],
            [0.34, 0.02],
            [0.42, 0.2],
          ]
        : [
            [-0.36, -0.12],
            [-0.2, -0.3],
            [0.06, -0.34],
            [0.3, -0.2],
            [0.38, 0.06],
            [-0.4, 0.12],
          ];
      for (const [dx, dy] of leaves) {
        const [tx, ty] = [x + dx * h, top + h * 0.32 + dy * h];
        const half = fern ? 0.035 : 0.08;
        brush.polygon(
          [
            [x, top + h * 0.34],
            [(x + tx) / 2, (top + h * 0.32 + ty) / 2 - half * h],
            [tx, ty],
            [(x + tx) / 2, (top + h * 0.32 + ty) / 2 + half * h],
          ],
          lighter(colour, Math.abs(dx) * 0.3),
        );
      }
      return;
    }
    case 'olive':
      brush.line(
        [
          [x, ground],
          [x - h * 0.06, ground - h * 0.25],
          [x + h * 0.04, top + h * 0.4],
        ],
        h * 0.12,
        0x6f604c,
      );
      blob(-0.16, 0.36, 0.24, 0.18, green(0x9aa78a));
      blob(0.16, 0.34, 0.24, 0.2, green(0x8d9c7c));
      blob(0, 0.2, 0.22, 0.16, green(0xaab598));
      return;
    case 'baobab':
      brush.polygon(
        [
          [x - h * 0.2, ground],
          [x + h * 0.2, ground],
          [x + h * 0.15, top + h * 0.3],
          [x - h * 0.15, top + h * 0.3],
        ],
        0x9a8470,
      );
      for (const dx of [-0.3, -0.12, 0.12, 0.3]) {
        brush.line(
          [
            [x + dx * h * 0.4, top + h * 0.34],
            [x + dx * h, top + h * 0.12],
          ],
          h * 0.06,
          0x9a8470,
        );
        blob(dx * 1.1, 0.1, 0.12, 0.07, green(0x6f8a3f));
      }
      return;
    case 'cherry':
      trunk(h * 0.1, ground - h * 0.45, 0x4e3630);
      blob(0, 0.34, 0.38, 0.28, green(0xf0b6c8));
      blob(-0.14, 0.24, 0.2, 0.16, green(0xf8d2de));
      blob(0.18, 0.28, 0.18, 0.15, green(0xf4c2d2));
      return;
    case 'araucaria':
      trunk(h * 0.06, top + h * 0.1, 0x4a3a2c);
      for (const [y, w] of [
        [0.06, 0.36],
        [0.17, 0.3],
        [0.28, 0.2],
      ] as const) {
        brush.polygon(
          [
            [x - w * h, top + y * h],
            [x, top + (y + 0.08) * h],
            [x + w * h, top + y * h],
            [x, top + (y + 0.03) * h],
          ],
          green(0x2f5c40),
        );
        blob(-w, y, 0.07, 0.05, green(0x2f5c40));
        blob(w, y, 0.07, 0.05, green(0x2f5c40));
      }
      return;
    default:
      return tree satisfies never;
  }
}
