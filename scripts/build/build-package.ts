/**
 * Compiles src/ to dist/, which the package ships, and copies the licence of the WordNet data to the folder of the
 * data. Empties dist/ first, so that no output of a deleted source file remains.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const WORDNET_LICENCE = 'grounding/lexicon/LICENSE-wordnet.txt';

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
copyFileSync(join(root, 'src', WORDNET_LICENCE), join(root, 'dist', WORDNET_LICENCE));
