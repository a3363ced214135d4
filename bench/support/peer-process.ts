/** A peer process that keeps running between requests, so that a benchmark does not measure its startup and warm-up. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type PeerProcess = {
  ask(request: unknown): Promise<Record<string, unknown>>;
  end(): void;
};

/**
 * Starts a command that answers each line of JSON with one line of JSON. The command's stderr is passed to our stderr.
 */
export function startPeer(command: string, args: readonly string[]): PeerProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${command} ${args.join(' ')} exited without an answer. Its error is above.`);
      return JSON.parse(value) as Record<string, unknown>;
    },
    end: () => child.stdin.end(),
  };
}
