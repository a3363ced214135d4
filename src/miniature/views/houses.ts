/** Draws houses in the style of the place, seen from the front or along a street. */
import { drawRoof } from '../draw/roof.ts';
import { drawWall, type FacadeMap } from '../draw/wall.ts';
import type { Stage } from '../stage.ts';

/** The label of a house, which is named after its walls. */
export const wallName = (style: string): string => (style === 'red wooden' ? 'red wooden house' : `${style} building`);

export const roofName = (style: string): string => `${style} roof`;

/**
 * Draws a house and returns its roof's height. If the plan lacks the wall cue, the wall is plain. If the plan lacks the
 * roof cue, the house has no roof.
 */
export function drawHouse(
  stage: Stage,
  options: { map: FacadeMap; width: number; height: number; shop?: number; roofless?: boolean },
): number {
  const { roofless = false, ...facade } = options;
  const wall = stage.source('wall');
  const walls =
    wall === undefined
      ? stage.element('plain building')
      : stage.element(wallName(wall.country.wall), {
          kind: 'wall',
          value: wall.country.wall,
          misleading: wall.misleading,
        });
  const roof = stage.source('roof');
  drawWall(walls, { ...facade, random: stage.random }, wall?.country.wall ?? 'plain');
  if (roof === undefined || roofless) return 0;
  const style = roof.country.roof;
  return drawRoof(
    stage.element(roofName(style), { kind: 'roof', value: style, misleading: roof.misleading }),
    { ...facade, random: stage.random },
    style,
  );
}

/** Returns the coordinate map (see wall.ts) of a facade seen from the front. */
export const frontal =
  (x: number, ground: number): FacadeMap =>
  (u, v) => [x + u, ground - v];

/** Draws a row of houses from `from` to `to`. The houses are higher in denser cities. */
export function drawRow(
  stage: Stage,
  {
    from,
    to,
    ground,
    shops = false,
    scale = 1,
  }: { from: number; to: number; ground: number; shops?: boolean; scale?: number },
): { x: number; width: number }[] {
  const { density } = stage.plan.city;
  const low = { low: 13, mid: 20, high: 28 }[density];
  const houses: { x: number; width: number }[] = [];
  for (let x = from; x < to;) {
    const width = stage.between(15, 25);
    drawHouse(stage, {
      map: frontal(x, ground),
      width: width - 0.4,
      height: (low + stage.between(0, 12)) * scale,
      ...(shops && { shop: 9 }),
    });
    houses.push({ x, width });
    x += width;
  }
  return houses;
}
