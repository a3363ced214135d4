/**
 * Builds the program from the table of commands, runs the selected command, and converts its errors to an exit code.
 */
import { Command, CommanderError } from 'commander';
import { note } from './output.ts';
import { GlobeError, messageOf } from '../core/errors.ts';
import { packageVersion } from '../storage/package-version.ts';
import { commands } from './commands.ts';
import { systemError } from './system-error.ts';

const DESCRIPTION = 'Say where a photo was taken, and why; train and compare models that do.';

const EXIT = { ok: 0, bug: 1, usage: 2, interrupted: 130 } as const;

/** Runs `globe ARGS` and returns the exit code. Never throws. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const program = new Command('globe')
    .description(DESCRIPTION)
    .version(packageVersion(), '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(globe --help)');
  // Options after a command's name belong to this command, even if a subcommand has options with the same names.
  program.enablePositionalOptions();
  try {
    const selected = args[0] === 'help' ? args[1] : args[0];
    for (const [name, { summary, load }] of Object.entries(commands)) {
      // The help lists all commands, but only the file of the selected command is loaded.
      program.addCommand(name === selected ? (await load()).command() : new Command(name).description(summary));
    }
    overrideExit(program);
    await program.parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return report(error);
  }
}

/** Makes commander throw usage errors instead of exiting. Applies to subcommands too. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const subcommand of command.commands) overrideExit(subcommand);
}

function report(thrown: unknown): number {
  const error = systemError(thrown) ?? thrown;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Error && error.name === 'AbortError') {
    process.stderr.write('Interrupted.\n');
    return EXIT.interrupted;
  }
  if (error instanceof GlobeError) {
    note(`globe: ${error.message}${error.hint === undefined ? '' : `\n  ${error.hint}`}`);
    if (error.code === 'invalid-input' || error.code === 'not-found') return EXIT.usage;
    if (error.code === 'internal') note(`${error.stack}`);
    return EXIT.bug;
  }
  note(
    `globe: ${messageOf(error)}\n${error instanceof Error ? `${error.stack}\n` : ''}This is a bug: please report it with the lines above.`,
  );
  return EXIT.bug;
}
