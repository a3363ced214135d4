// Finds circular imports in src/. Unlike the linter's rule, it includes type-only imports.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../src/', import.meta.url));

/**
 * Returns the absolute paths of the modules that a module imports or re-exports by relative path. Dynamic imports are
 * left out, because they are loaded later.
 */
function importsOf(file) {
  const specifiers = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';/gmu);
  return [...specifiers].map(([, specifier]) => join(dirname(file), specifier));
}

/** Returns each import circle as a list of files, relative to src/. */
export function importCircles() {
  const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.ts'));
  const graph = new Map(files.map((name) => [join(root, name), importsOf(join(root, name))]));
  const done = new Set();
  const circles = [];
  const visit = (file, path) => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push(path.slice(at).map((one) => relative(root, one)));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}
