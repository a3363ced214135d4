/** Some commands in README and docs cannot run in a test. Checks that the command line can at least parse them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands.ts';
import { documents, globeCommands, repository, shellBlocks } from './support/docs-blocks.ts';

/** Accepted reasons why a block is not run. */
const REASONS = new Set(['GPU', 'hours', 'installation', 'server']);

/**
 * For each document, the reasons of its blocks that no test runs, in order. A new block without a test must be added
 * here.
 */
const NOT_RUN: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['installation', 'installation', 'server'],
  'docs/curation.md': ['server', 'server', 'server'],
  'docs/locate.md': ['server', 'server', 'server', 'server'],
  'docs/installation.md': ['installation', 'installation'],
  'docs/models.md': ['hours'],
  'docs/reproduction.md': ['hours'],
  'docs/rewards.md': ['server', 'server'],
};

const blocks = documents().flatMap(shellBlocks);

/** Finds the commands that the text of a document mentions as `globe NAME`. */
function inlineCommands(file: string): string[] {
  const text = readFileSync(join(repository, file), 'utf8');
  return [...new Set([...text.matchAll(/`globe ([a-z][a-z-]*)[^`]*`/gu)].map((match) => match[1]!))];
}

async function parse(args: readonly string[]): Promise<void> {
  const program = new Command('globe').enablePositionalOptions();
  for (const { load } of Object.values(commands)) program.addCommand((await load()).command());
  silence(program);
  await program.parseAsync(args, { from: 'user' });
}

function silence(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.action(() => {});
  for (const subcommand of command.commands) silence(subcommand);
}

describe('the commands of README and docs', () => {
  it('are run by a test, or marked with a known reason', () => {
    const marks: Record<string, string[]> = {};
    for (const { file, notRun } of blocks) if (notRun !== undefined) (marks[file] ??= []).push(notRun);
    expect(marks).toEqual(NOT_RUN);
    expect(
      Object.values(marks)
        .flat()
        .filter((reason) => !REASONS.has(reason)),
    ).toEqual([]);
  });

  it.each(blocks.flatMap((block) => globeCommands(block).map((args) => [block.file, args.join(' '), args] as const)))(
    '%s: globe %s parses',
    async (_, __, args) => {
      await expect(parse(args)).resolves.toBeUndefined();
    },
  );

  it.each(documents().flatMap((file) => inlineCommands(file).map((name) => [file, name] as const)))(
    '%s names the command %s, which exists',
    (_, name) => {
      expect(Object.keys(commands)).toContain(name);
    },
  );
});
