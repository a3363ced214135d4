/** Finds the shell blocks of README and docs. Tests run all blocks except those that are marked as not run. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexer, type Token } from 'marked';
import { defined } from '../../src/core/defined.ts';

export type ShellBlock = {
  /** Path of the document in the repository. */
  readonly file: string;
  readonly text: string;
  /**
   * The reason why no test runs the block. It is the REASON in a comment `<!-- not run: REASON -->` right above the
   * block.
   */
  readonly notRun?: string;
};

export const repository = join(import.meta.dirname, '..', '..');

/**
 * Returns the Markdown files that contain commands for users. Decisions and lab notes are left out, because they record
 * the past.
 */
export function documents(): string[] {
  const docs = readdirSync(join(repository, 'docs')).filter((name) => name.endsWith('.md') && name !== 'lab-notes.md');
  return ['README.md', 'examples/README.md', ...docs.toSorted().map((name) => `docs/${name}`)];
}

export function shellBlocks(file: string): ShellBlock[] {
  const tokens = lexer(readFileSync(join(repository, file), 'utf8')).filter(({ type }) => type !== 'space');
  return tokens.flatMap((token, i) => {
    if (token.type !== 'code' || !['sh', 'bash'].includes((token as { lang?: string }).lang ?? '')) return [];
    return [{ file, text: (token as { text: string }).text, ...defined({ notRun: markOf(tokens[i - 1]) }) }];
  });
}

function markOf(before: Token | undefined): string | undefined {
  return before?.type === 'html' ? /^<!-- not run: (.+?) -->/u.exec(before.raw)?.[1] : undefined;
}

/** Returns the arguments of every `globe` command in a block. A shell splits each command into arguments. */
export function globeCommands({ text }: ShellBlock): string[][] {
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n');
  const commands = lines.filter((line) => /^globe(?:\s|$)/u.test(line));
  // A real shell splits the words and drops comments. The shell function `globe` prints its arguments instead of
  // running a command.
  const script = `globe() { printf '%s\\0' "$@"; printf '\\1\\0'; }\n${commands.join('\n')}`;
  const printed = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
  return printed
    .split('\u0001\0')
    .slice(0, -1)
    .map((command) => command.split('\0').slice(0, -1));
}
