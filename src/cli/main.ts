#!/usr/bin/env node
/**
 * The command line: parse, call the library, print. Machine-readable results go to stdout, progress and prose to
 * stderr. Exit codes: 0 ok, 2 the user's mistake, 1 a bug or a failed service, 130 interrupted.
 */
import { runCommandLine } from './program.ts';

process.exitCode = await runCommandLine(process.argv.slice(2));
