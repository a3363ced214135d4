/**
 * Tests the reward service with schemathesis, which generates requests from the service's OpenAPI document. An answer
 * is a failure if it is a server error, or if its status, content type or body is undocumented. `npm run
 * test:schemathesis` passes options after `--` to schemathesis. The Python environment is built once from
 * requirements.txt, whose packages have hashes, in GLOBE_ENGINES (default: ~/.cache/globe-engines). To update it, edit
 * requirements.in and run `uv pip compile --universal --generate-hashes --python-version 3.11 requirements.in -o
 * requirements.txt`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { picture } from '../../../test/support/photos.ts';
import { serve } from '../attack/child.ts';
import { startJudge } from '../attack/judge/judge-server.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const TOKEN = 'the-token-of-the-service';
const SEED = '1';
const MAX_EXAMPLES = '100';

/** Runs a program until it ends, and returns its exit status. Its output goes to the terminal. */
function run(program: string, args: readonly string[], cwd = process.cwd()): number {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', cwd });
  if (error !== undefined) throw new Error(`Cannot run ${program}: ${error.message}. Install Python 3.11 or newer.`);
  return status ?? 1;
}

/** Returns the folder of the Python environment for this requirements.txt. Builds the environment if it is absent. */
function environment(): string {
  const root = process.env['GLOBE_ENGINES'] ?? join(homedir(), '.cache/globe-engines');
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(root, `schemathesis-${digest}`);
  if (existsSync(join(folder, 'complete'))) return folder;
  mkdirSync(root, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  if (run('python3', ['-m', 'venv', folder]) !== 0) throw new Error(`Cannot create a Python environment in ${folder}.`);
  const install = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '-r', REQUIREMENTS];
  if (run(join(folder, 'bin/python'), install) !== 0) throw new Error(`Cannot install ${REQUIREMENTS}.`);
  mkdirSync(join(folder, 'complete'));
  return folder;
}

const python = environment();
const scratch = mkdtempSync(join(tmpdir(), 'globe-schemathesis-'));
await writeFile(join(scratch, 'photo.png'), await picture());
await using judge = await startJudge({ fail: () => {}, protocol: 'http' });
await judge.heal();
const scoring = ['--judge', judge.spec, '--images', scratch, '--length', '1024,256'];
const weights = ['--weights', 'accuracy=1,visual=0.5,localizability=0.5,format=0.1,length=0.1'];

/** Runs schemathesis against a service, and returns the exit status of schemathesis. */
async function test(name: string, options: readonly string[], headers: readonly string[]): Promise<number> {
  await using service = await serve([...scoring, ...weights, ...options]);
  process.stdout.write(`\nschemathesis: ${name}\n`);
  const args = [
    'run',
    `${service.url}/openapi.json`,
    '--checks=all',
    // These checks do not apply. The service accepts a request with an invalid row and leaves only this row unscored. A
    // JSON schema cannot require lists of equal length, so some requests that fit the schema are rejected.
    '--exclude-checks=negative_data_rejection,positive_data_acceptance',
    '--continue-on-failure',
    `--seed=${SEED}`,
    `--max-examples=${MAX_EXAMPLES}`,
    '--no-color',
    ...headers,
    ...process.argv.slice(2),
  ];
  return run(join(python, 'bin/schemathesis'), args, scratch);
}

const statuses = [
  await test('without a token', [], []),
  await test('with a token', ['--token', TOKEN], ['--header', `Authorization: Bearer ${TOKEN}`]),
];
rmSync(scratch, { recursive: true });
process.exitCode = Math.max(...statuses);
