/** Draws trees, whose outlines differ by species, and plants that grow anywhere. */
import type { Tree } from '../facts/country.ts';
import type { Stage } from '../stage.ts';
import type { Brush, Point } from './canvas.ts';
import { type Colour, darker, lighter, varied } from './colour.ts';
import { SPECIES } from './tree-species.ts';

export const treeName = (tree: Tree): string => SPECIES[tree].name;

export type Standing = { readonly x: number; readonly ground: number; readonly height: number };

/**
 * Draws a tree of the place if the plan shows vegetation. Otherwise draws a bush that grows anywhere, or nothing if
 * `orBush` is false.
 */
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
  const { trunk, branches = [], shapes, crown = [] } = SPECIES[tree];
  const top = ground - h;
  const green = (base: Colour): Colour => varied(base, stage.random, 12);
  const right = (share: number): number => x + share * h;
  const down = (share: number): number => top + share * h;
  const up = (share: number): number => ground - share * h;
  const blob = (dx: number, dy: number, rx: number, ry: number, colour: Colour): void =>
    brush.ellipse(right(dx), down(dy), rx * h, ry * h, colour);
  const shape = (points: readonly Point[], colour: Colour): void =>
    brush.polygon(
      points.map(([dx, dy]) => [right(dx), down(dy)]),
      colour,
    );
  if (trunk !== undefined)
    paintTrunk(brush, { x, ground, upTo: up(trunk.height), width: h * trunk.width }, trunk.colour);
  for (const { from, to, width, colour } of branches) {
    const points = from.map(([dx, dy]): Point => [right(dx), up(dy)]);
    brush.line([...points, [right(to[0]), down(to[1])]], width * h, colour);
  }
  shapes?.({ brush, x, top, ground, h, green, blob, shape });
  for (const [dx, dy, rx, ry, base] of crown) blob(dx, dy, rx, ry, green(base));
}

type Trunk = { readonly x: number; readonly ground: number; readonly upTo: number; readonly width: number };

function paintTrunk(brush: Brush, { x, ground, upTo, width }: Trunk, colour = 0x6b4a30): void {
  brush.polygon(
    [
      [x - width / 2, ground],
      [x + width / 2, ground],
      [x + width * 0.35, upTo],
      [x - width * 0.35, upTo],
    ],
    colour,
  );
}
