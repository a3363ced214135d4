/** Writes XMP sidecars beside the photos of a run. The photos themselves are never touched. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse, join } from 'node:path';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { readPhotoMetadata } from '../../image/photo-metadata.ts';
import { readImageFile } from '../../image/read-image-file.ts';
import { sidecarOf } from '../../locator/formats/xmp-sidecar.ts';
import type { Sidecar } from '../../locator/formats/xmp-sidecar.ts';
import type { PhotoRun } from '../../locator/run/run-files.ts';
import { photosOf } from '../../locator/run/run-results.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { note } from '../output.ts';

export const SIDECAR_NAMES = ['full', 'stem'] as const;

export type SidecarPlanOptions = {
  readonly overwrite: boolean;
  /** Name of a new sidecar: `photo.jpg.xmp` (full; darktable, digiKam) or `photo.xmp` (stem; Lightroom, Bridge). */
  readonly names: (typeof SIDECAR_NAMES)[number];
  /** The day of the export: YYYY-MM-DD. */
  readonly date: string;
};

type Planned = {
  readonly photo: string;
  readonly path: string;
  readonly sidecar: Sidecar | { readonly kind: 'failed'; readonly error: GlobeError };
};

/** Works out every sidecar without writing one. */
export async function planSidecars(run: PhotoRun, options: SidecarPlanOptions): Promise<readonly Planned[]> {
  const model = String(run.options['model']);
  const planned: Planned[] = [];
  const photoOf = new Map<string, string>();
  for (const { result } of photosOf(run)) {
    const photo = result.image;
    if (result.kind !== 'located' || /^https?:\/\//i.test(photo)) continue;
    const path = sidecarPath(photo, options);
    try {
      const other = photoOf.get(path);
      if (other !== undefined) throw sharedSidecar(path, [other, photo]);
      photoOf.set(path, photo);
      const existing = existsSync(path) ? await readFile(path, 'utf8') : undefined;
      const hasOwnPosition = (await readPhotoMetadata(await readImageFile(photo))).coordinate !== undefined;
      const sidecar = sidecarOf(existing, result, { ...options, model, hasOwnPosition });
      planned.push({ photo, path, sidecar });
    } catch (error) {
      if (!(error instanceof GlobeError)) throw error;
      planned.push({ photo, path, sidecar: { kind: 'failed', error } });
    }
  }
  return planned;
}

/** With two photos of one name, such as a.jpg and a.png, the answer of the second would replace that of the first. */
const sharedSidecar = (path: string, [first, second]: readonly [string, string]): GlobeError =>
  invalidInput(
    `${first} and ${second} would share the sidecar ${path}.`,
    'Use --sidecar-names full and rename an existing photo.xmp to photo.jpg.xmp, for its own photo.',
  );

/** An existing sidecar is used whatever its form of name. */
function sidecarPath(photo: string, { names }: SidecarPlanOptions): string {
  const { dir, base, name } = parse(photo);
  const forms = [base, name].flatMap((stem) => [`${stem}.xmp`, `${stem}.XMP`]).map((file) => join(dir, file));
  return forms.find((path) => existsSync(path)) ?? join(dir, `${names === 'full' ? base : name}.xmp`);
}

const MAX_PREVIEW = 20;

/** Prints what would be written. */
export function printPlan(planned: readonly Planned[], print: (text: string) => void): void {
  for (const { path, photo, sidecar } of planned.slice(0, MAX_PREVIEW)) {
    switch (sidecar.kind) {
      case 'created':
      case 'merged':
        print(`${sidecar.kind === 'created' ? 'new' : 'merge'} ${path}\n  ${sidecar.values.join('\n  ')}`);
        break;
      case 'unchanged':
        print(`leave ${photo}: ${sidecar.reason}`);
        break;
      case 'failed':
        print(`fail ${path}: ${sidecar.error.message}`);
        break;
    }
  }
  if (planned.length > MAX_PREVIEW) print(`… and ${planned.length - MAX_PREVIEW} more.`);
  print(`Sidecars: ${countText(planned)}.`);
}

/** Writes the planned sidecars, each atomically. Throws `invalid-input` afterwards if some could not be merged. */
export async function writeSidecars(planned: readonly Planned[]): Promise<void> {
  for (const { path, sidecar } of planned) {
    if (sidecar.kind === 'created' || sidecar.kind === 'merged') await writeFileAtomic(path, sidecar.text);
  }
  note(`Sidecars written: ${countText(planned)}.`);
  const failed = planned.flatMap(({ path, sidecar }) => (sidecar.kind === 'failed' ? [{ path, sidecar }] : []));
  if (failed.length === 0) return;
  const [{ path, sidecar }] = failed as [(typeof failed)[number]];
  throw invalidInput(
    `${failed.length} sidecars were left as they are. The first is ${path}: ${sidecar.error.message}`,
    sidecar.error.hint,
  );
}

function countText(planned: readonly Planned[]): string {
  const words = { created: 'new', merged: 'merged', unchanged: 'left as they are', failed: 'failed' } as const;
  const counts = Object.entries(words).map(([kind, word]) => {
    const count = planned.filter(({ sidecar }) => sidecar.kind === kind).length;
    return count === 0 ? '' : `${count} ${word}`;
  });
  return counts.filter((text) => text !== '').join(', ') || 'none';
}
