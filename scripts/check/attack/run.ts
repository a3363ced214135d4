/**
 * Attacks GLOBE on this machine, over loopback only. `npm run test:attack` takes about ten minutes, with `-- --full`
 * about 90. Each file NAME.attack.ts in this folder is one kind of attack; `-- NAME` runs only that kind.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const words = process.argv.slice(2);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const config = join(import.meta.dirname, 'vitest.config.ts');
const { status } = spawnSync(
  process.execPath,
  ['--expose-gc', vitest, 'run', '--config', config, ...words.filter((word) => word !== '--full')],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, GLOBE_ATTACK: words.includes('--full') ? 'full' : 'short' },
  },
);
process.exitCode = status ?? 1;
