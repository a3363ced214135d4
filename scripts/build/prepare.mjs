// Prepares a checkout: installs the pinned dependencies if they are absent or stale, then builds the generated files.
// It runs before every npm script, on the user's Node (20 or later), and is fast if everything is up to date. It prints
// only to stderr, so that `npm run -s globe -- … --json` prints pure JSON.
import { execFileSync, execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prune } from './prune.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const at = (...parts) => join(root, ...parts);
const onStderr = { cwd: root, stdio: ['ignore', process.stderr, process.stderr] };

/**
 * Returns the digest, in hexadecimal, of the files' contents and of `text`. Modification times would be unreliable
 * after a clone or a checkout.
 */
function digest(files, text = '') {
  const hash = createHash('sha256').update(text);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Runs `make` unless its work is already done. The work is done if `output` exists and `stamp` contains the digest of
 * the current inputs. It is also done if `isCurrent` returns true, which means that the user did it by hand.
 */
function once({ stamp, output, inputs, text, message, make, isCurrent = () => false }) {
  const expected = digest(inputs, text);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === expected) return;
  if (!isCurrent()) {
    process.stderr.write(`${message}\n`);
    make();
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, expected);
}

const sourcesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .toSorted()
        .map((name) => join(folder, name))
    : [];

once({
  stamp: at('node_modules', '.globe-installed'),
  output: at('node_modules', '.package-lock.json'),
  inputs: [at('package-lock.json')],
  // A manual `npm install` writes the lock file first and the record of installed packages last.
  isCurrent: () =>
    existsSync(at('node_modules', '.package-lock.json')) &&
    statSync(at('node_modules', '.package-lock.json')).mtimeMs >= statSync(at('package-lock.json')).mtimeMs,
  message: 'Installing the pinned dependencies (once) …',
  make: () => {
    // npm ci empties node_modules first. If node_modules is a link, npm ci would empty the folder of another checkout.
    if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new Error(
        'The linked node_modules differs from package-lock.json. Run npm ci in the checkout that it links to.',
      );
    }
    execSync('npm ci --no-audit --no-fund --loglevel=error', onStderr);
  },
});

const freed = prune(at('node_modules'));
if (freed > 0) {
  process.stderr.write(
    `Removed ${Math.round(freed / 1e6)} MB that this system never loads from onnxruntime-node and onnxruntime-web.\n`,
  );
}

const readJson = (...parts) => JSON.parse(readFileSync(at(...parts), 'utf8'));
const { packages } = readJson('package-lock.json');
/** Data packages. If the digest of one of them changes in the lock file, the gazetteer must be rebuilt. */
const dataPackages = readJson('scripts', 'build', 'gazetteer', 'data-packages.json');

once({
  stamp: at('build', 'gazetteer.stamp'),
  output: at('build', 'gazetteer.bin'),
  inputs: [
    at('scripts', 'build', 'build-gazetteer.ts'),
    ...sourcesIn(at('scripts', 'build', 'gazetteer')),
    ...[
      'area-facts',
      'country-lists',
      'district-facts',
      'facts',
      'fold',
      'format',
      'han-variants',
      'metropolis-facts',
      'reach',
    ].map((name) => at('src', 'gazetteer', `${name}.ts`)),
  ],
  text: dataPackages.map((name) => packages[`node_modules/${name}`].integrity).join(),
  message: 'Building the gazetteer from GeoNames (once) …',
  make: () =>
    execFileSync(at('node_modules', '.bin', 'node'), [at('scripts', 'build', 'build-gazetteer.ts')], onStderr),
});
