/**
 * Asks once before pixels leave this machine for a host for the first time. `--yes` or an entry of globe.config.json
 * answers the question. Answers are remembered beside the other caches of the user.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { invalidInput } from '../core/errors.ts';
import { writeOutputFile } from '../storage/output-file.ts';
import type { GlobeConfig } from '../vision/model-config.ts';
import { note } from './output.ts';

export type ConfirmHostOptions = {
  readonly config: GlobeConfig;
  readonly yes: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks the person at the terminal; undefined if nobody can answer. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
};

/** Throws `invalid-input` if the user does not allow photos to be sent to the address. */
export async function confirmHost(address: string, { config, yes, env, ask }: ConfirmHostOptions): Promise<void> {
  const { host, hostname } = new URL(address);
  if (isLoopback(hostname) || configuredHosts(config).has(host)) return;
  const file = join(env['GLOBE_CACHE'] ?? join(homedir(), '.cache', 'globe'), 'photo-hosts.txt');
  const known = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  if (known.includes(host)) return;
  if (!yes) {
    if (ask === undefined) {
      throw invalidInput(
        `The photos' pixels would leave this machine for ${host} for the first time.`,
        'Add --yes to allow it, or name the server in globe.config.json.',
      );
    }
    const answer = await ask(`Send the photos' pixels (without metadata) to ${host}? [y/N] `);
    if (!/^y(?:es)?$/i.test(answer.trim())) {
      throw invalidInput(`Nothing was sent to ${host}.`, 'Use a model on this machine: docs/models.md lists them.');
    }
  }
  await writeOutputFile(file, `${[...known, host].join('\n')}\n`);
  note(`Photos may be sent to ${host} from now on (${file}).`);
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);

/** The hosts that the user named in the configuration. */
function configuredHosts({ models }: GlobeConfig): ReadonlySet<string> {
  return new Set(
    Object.values(models).flatMap((model) =>
      'baseUrl' in model && model.baseUrl !== undefined ? [new URL(model.baseUrl).host] : [],
    ),
  );
}

/** Returns a function that asks on stderr, or undefined without a terminal. */
export function terminalQuestion(): ((question: string) => Promise<string>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  };
}
