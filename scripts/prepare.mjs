// Makes a checkout ready to run: installs the pinned dependencies when they are absent or stale, then builds what is
// generated from them. Runs before every npm script, on the Node that the user has (20 or later), and is quick when
// there is nothing to do. All output goes to stderr, so that `npm run -s globe -- … --json` prints JSON alone.
import { execFileSync, execSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);
const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Runs a program with its output on stderr; throws when it fails. */
function run(command, args) {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr] });
}

if (modified(at('node_modules', '.package-lock.json')) < modified(at('package-lock.json'))) {
  process.stderr.write('Installing the pinned dependencies (once) …\n');
  execSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  });
}

const gazetteer = at('build', 'gazetteer.bin');
const recipe = at('scripts', 'build-gazetteer.ts');
if (existsSync(recipe) && modified(gazetteer) < Math.max(modified(recipe), modified(at('package-lock.json')))) {
  process.stderr.write('Building the gazetteer from GeoNames (once) …\n');
  run(at('node_modules', '.bin', 'node'), [recipe]);
}
