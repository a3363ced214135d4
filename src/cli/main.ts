#!/usr/bin/env node
/**
 * The command line: parse, call the library, print. Machine-readable results go to stdout, progress and prose to
 * stderr. Exit codes: 0 ok, 2 the user's mistake, 1 a bug or a failed service, 130 interrupted.
 */
import { callerFolder, nodeProblem } from './before-loading.ts';

let stdoutFailure: Error | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader such as `| head` may close the pipe early. That is not an error.
  if (error.code === 'EPIPE') process.exit(0);
  // A full disk must not end the command before it has kept what it has.
  stdoutFailure ??= error;
});

const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  process.chdir(callerFolder(process.env) ?? '.');
  // The program is imported only after the check, because an older Node cannot load it.
  const { runCommandLine } = await import('./program.ts');
  const exitCode = await runCommandLine(process.argv.slice(2));
  if (stdoutFailure !== undefined && exitCode === 0) {
    process.stderr.write(`globe: Cannot write to stdout: ${stdoutFailure.message}. Free some space and try again.\n`);
  }
  process.exitCode = stdoutFailure === undefined ? exitCode : exitCode || 1;
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}
