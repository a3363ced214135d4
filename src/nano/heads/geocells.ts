/**
 * Divides the Earth into cells that are smaller where photos are denser. As in PlaNet (Weyand, Kostrikov and Philbin
 * 2016), cells are split until each contains about the same number of photos. Each split passes through the widest gap
 * between photos, so it avoids cities, like the semantic cells of PIGEON (Haas et al. 2024). A split is a plane
 * perpendicular to the x, y or z axis through the Earth, so the date line and the poles need no special case.
 */
import { z } from 'zod';
import { type Coordinate, coordinate, isCoordinate } from '../../core/coordinate.ts';
import { EARTH_RADIUS_KM } from '../../core/distance.ts';
import { invalidInput } from '../../core/errors.ts';
import { meanCoordinate, type UnitVector, unitVector } from '../../core/sphere.ts';

export type Geocell = {
  /** Mean position of the cell's training photos. A classifier that predicts the cell answers with this position. */
  readonly centre: Coordinate;
  /** Number of training photos in the cell. */
  readonly photos: number;
};

/**
 * A binary tree of splits. A leaf is the index of a cell. An inner node splits perpendicular to `axis` (0 is x, 1 is y,
 * 2 is z) at the coordinate `at`, in Earth radii.
 */
export type CellTree =
  | number
  | { readonly axis: 0 | 1 | 2; readonly at: number; readonly below: CellTree; readonly above: CellTree };

export type Geocells = { readonly cells: readonly Geocell[]; readonly tree: CellTree };

export type GeocellRules = {
  /** Minimum number of photos per cell. */
  readonly minPhotos: number;
  /** Cells with more photos are split if both parts can have at least `minPhotos`. */
  readonly maxPhotos: number;
  /** Cells narrower than this width are not split. */
  readonly smallestKm: number;
};

/**
 * Makes cells from the positions of photos. Throws `invalid-input` if the list is empty or `maxPhotos` < `minPhotos`.
 */
export function makeGeocells(positions: readonly Coordinate[], rules: GeocellRules): Geocells {
  const { minPhotos, maxPhotos } = rules;
  if (positions.length === 0) throw invalidInput('Cannot make geocells from 0 photos.', 'Use photos with coordinates.');
  if (maxPhotos < minPhotos) {
    throw invalidInput(
      `Contradictory limits: cells of at least ${minPhotos} and at most ${maxPhotos} photos.`,
      'Lower minPhotos or raise maxPhotos.',
    );
  }
  const cells: Geocell[] = [];
  const grow = (group: readonly Place[]): CellTree => {
    const cut =
      group.length > maxPhotos && widthKm(group) > rules.smallestKm ? emptiestCut(group, minPhotos) : undefined;
    if (cut === undefined) {
      cells.push({ centre: centreOf(group), photos: group.length });
      return cells.length - 1;
    }
    const { axis, at } = cut;
    const below = grow(group.filter(({ vector }) => vector[axis] < at));
    const above = grow(group.filter(({ vector }) => vector[axis] >= at));
    return { axis, at, below, above };
  };
  const tree = grow(positions.map((position) => ({ position, vector: unitVector(position) })));
  return { cells, tree };
}

/** Returns the index of the cell that contains a position. */
export function cellOf({ tree }: Geocells, position: Coordinate): number {
  const vector = unitVector(position);
  let node = tree;
  while (typeof node !== 'number') node = vector[node.axis] < node.at ? node.below : node.above;
  return node;
}

type Place = { readonly position: Coordinate; readonly vector: UnitVector };

const AXES = [0, 1, 2] as const;

/**
 * Returns the mean position of the places. If the places cancel out, as opposite points do, returns the first place's
 * position.
 */
function centreOf(group: readonly Place[]): Coordinate {
  const sums = AXES.map((axis) => group.reduce((sum, { vector }) => sum + vector[axis], 0));
  const balanced = Math.hypot(...sums) <= 1e-6 * group.length;
  return balanced ? group[0]!.position : meanCoordinate(group.map(({ position }) => position));
}

/** Returns the longest side of the bounding box of the places, in kilometres. */
function widthKm(group: readonly Place[]): number {
  const widths = AXES.map((axis) => {
    const along = group.map(({ vector }) => vector[axis]);
    return along.reduce((a, b) => Math.max(a, b)) - along.reduce((a, b) => Math.min(a, b));
  });
  return Math.max(...widths) * EARTH_RADIUS_KM;
}

/**
 * Finds the widest gap between places along any axis that leaves at least `least` places on each side. Returns a split
 * in the middle of the gap.
 */
function emptiestCut(group: readonly Place[], least: number): { axis: 0 | 1 | 2; at: number } | undefined {
  let best: { axis: 0 | 1 | 2; at: number; gap: number } | undefined;
  for (const axis of AXES) {
    const along = Float64Array.from(group, ({ vector }) => vector[axis]).sort();
    for (let i = least; i <= along.length - least; i++) {
      const [before, after] = [along[i - 1]!, along[i]!];
      if (after - before > (best?.gap ?? 0)) best = { axis, at: (before + after) / 2, gap: after - before };
    }
  }
  return best;
}

const treeSchema: z.ZodType<CellTree> = z.lazy(() =>
  z.union([
    z.int().nonnegative(),
    z.strictObject({ axis: z.literal(AXES), at: z.number(), below: treeSchema, above: treeSchema }),
  ]),
);

const cellsSchema = z.strictObject({
  cells: z.array(z.strictObject({ latitudeDegrees: z.number(), longitudeDegrees: z.number(), photos: z.int() })).min(1),
  tree: treeSchema,
});

/** Returns the content of cells.json. */
export const geocellsDocument = ({ cells, tree }: Geocells): z.infer<typeof cellsSchema> => ({
  cells: cells.map(({ centre, photos }) => ({ ...centre, photos })),
  tree,
});

/** Parses the content of cells.json. Throws `invalid-input` if it is malformed or its tree does not match its cells. */
export function parseGeocells(document: unknown, label: string): Geocells {
  const parsed = cellsSchema.safeParse(document);
  if (!parsed.success) throw invalidInput(`${label} is not a valid list of cells: ${z.prettifyError(parsed.error)}`);
  const { tree } = parsed.data;
  const cells = parsed.data.cells.map(({ latitudeDegrees, longitudeDegrees, photos }, i): Geocell => {
    if (!isCoordinate(latitudeDegrees, longitudeDegrees))
      throw invalidInput(`${label}: cell ${i} has an invalid position.`);
    return { centre: coordinate(latitudeDegrees, longitudeDegrees), photos };
  });
  const leaves = leavesOf(tree).toSorted((a, b) => a - b);
  if (leaves.length !== cells.length || leaves.some((leaf, i) => leaf !== i)) {
    throw invalidInput(`${label}: the tree has ${leaves.length} leaves, but the list has ${cells.length} cells.`);
  }
  return { cells, tree };
}

const leavesOf = (tree: CellTree): number[] =>
  typeof tree === 'number' ? [tree] : [...leavesOf(tree.below), ...leavesOf(tree.above)];
