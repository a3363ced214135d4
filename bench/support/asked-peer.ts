/** A peer that stays running between turns, so that its start and its warm-up are not measured: one line of JSON in, one out. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type AskedPeer = {
  ask(request: unknown): Promise<Record<string, unknown>>;
  end(): void;
};

/** Starts a command whose every answer is one line. Its errors go to stderr. */
export function startPeer(command: string, args: readonly string[]): AskedPeer {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${command} ${args.join(' ')} ended without an answer.`);
      return JSON.parse(value) as Record<string, unknown>;
    },
    end: () => child.stdin.end(),
  };
}
