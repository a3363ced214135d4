/**
 * Runs the command line in its own process, as a user does. `runGlobeHere` runs a command in the test's process
 * instead, for tests that check only the command's work.
 */
import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { vi } from 'vitest';
import { defined } from '../../src/core/defined.ts';
import { runCommandLine } from '../../src/cli/program.ts';

export type Run = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

export type RunOptions = {
  /** Working folder of the command. It may contain a globe.config.json. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the started process, for example to stop it later. */
  readonly started?: (child: ChildProcess) => Promise<void>;
};

export async function runGlobe(args: readonly string[], { cwd, env, started }: RunOptions = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { maxBuffer: 2 ** 28, env: { PATH: process.env['PATH'], ...env }, ...defined({ cwd }) },
      (_, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
    void started?.(child);
  });
}

/**
 * Runs a command in this process, which saves the half second that a new process takes to start. Only one command may
 * run at a time.
 */
export async function runGlobeHere(
  args: readonly string[],
  { cwd = process.cwd() }: { cwd?: string } = {},
): Promise<Run> {
  const before = process.cwd();
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk, ...rest: unknown[]) => {
      written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const done = rest.at(-1);
      if (typeof done === 'function') (done as () => void)();
      return true;
    }),
  );
  process.chdir(cwd);
  try {
    const exitCode = await runCommandLine(args);
    return { exitCode, ...written };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}
