// Removes unused files from node_modules: ONNX Runtime's binaries for other systems, and most of onnxruntime-web, which
// @huggingface/transformers depends on but never imports on Node. The packages' folders stay, so that npm considers the
// tree unchanged. `npm ci` restores the files.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files that test/browser/tensor.test.ts serves to Chromium. */
const BROWSER_TEST_FILES = ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];

const list = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);

/** Returns the files and folders in `modules` that this system never loads. */
function unneeded(modules) {
  const web = join(modules, 'onnxruntime-web');
  const wasm = BROWSER_TEST_FILES.map((name) => join(web, 'dist', name));
  const systems = list(join(modules, 'onnxruntime-node', 'bin'))
    .flatMap(list)
    .flatMap(list);
  const own = systems.filter((folder) => folder.endsWith(join(process.platform, process.arch)));
  return [
    // If this system's own binaries are not at the expected path, no binaries are removed.
    ...(own.length === 1 ? systems.filter((folder) => !own.includes(folder)) : []),
    ...[...list(join(web, 'dist')), join(web, 'lib'), join(web, 'docs')].filter((path) => !wasm.includes(path)),
  ].filter((path) => existsSync(path));
}

function bytes(path) {
  const stats = statSync(path);
  return stats.isDirectory() ? list(path).reduce((sum, inside) => sum + bytes(inside), 0) : stats.size;
}

/** Returns the number of freed bytes. */
export function prune(modules) {
  const paths = unneeded(modules);
  const freed = paths.reduce((sum, path) => sum + bytes(path), 0);
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  return freed;
}
