/** Runs the command line as a user does, in a process and a folder of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';

export type Run = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

export type RunOptions = {
  /** Working folder, where globe.config.json is looked for. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
};

export async function runGlobe(args: readonly string[], { cwd, env }: RunOptions = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { maxBuffer: 2 ** 28, env: { PATH: process.env['PATH'], ...env }, ...(cwd !== undefined && { cwd }) },
      (_, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
