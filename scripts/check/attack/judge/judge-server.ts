/** A judge on loopback. It fails in one way until `heal` is called. */
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

/** Sends a wrong answer to a request whose body has been read. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export type JudgeOptions = {
  /** How the judge fails. Undefined if it accepts no connection. */
  readonly fail: Answer | undefined;
  readonly protocol: 'http' | 'https';
};

export type Judge = {
  /** The judge's address, for the option `--judge`. */
  readonly spec: string;
  /** Makes the judge answer correctly from now on. */
  readonly heal: () => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Probability of "yes" in the answers of a judge that does not fail. */
export const YES = 0.9;

/** A self-signed certificate for 127.0.0.1, with its key. The key is public, so it protects nothing. */
const SELF_SIGNED = readFileSync(join(import.meta.dirname, '../fixtures/self-signed.pem'));

export async function startJudge({ fail, protocol }: JudgeOptions): Promise<Judge> {
  const state = { healthy: false };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    response.on('error', () => {});
    request.resume().on('end', () => (state.healthy ? sendJson(response, healthyAnswer()) : fail!(response, request)));
  };
  const server: Server =
    protocol === 'https' ? createHttps({ key: SELF_SIGNED, cert: SELF_SIGNED }, handle) : createHttp(handle);
  const port = fail === undefined ? await freePort() : await listening(server, 0);
  return {
    spec: `${protocol}://127.0.0.1:${port}/v1#judge`,
    heal: async () => {
      state.healthy = true;
      if (fail === undefined) await listening(server, port);
    },
    [Symbol.asyncDispose]: async () => {
      if ('closeAllConnections' in server) (server as ReturnType<typeof createHttp>).closeAllConnections();
      if (server.listening) await new Promise((done) => server.close(done));
    },
  };
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Returns a port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createTcp();
  const port = await listening(server, 0);
  await new Promise((done) => server.close(done));
  return port;
}

export function sendJson(response: ServerResponse, body: unknown, { status = 200, headers = {} } = {}): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}

/** Returns a chat completion. `logprobs` are the log-probabilities at its first token. */
export function chatAnswer({ text = 'yes', logprobs }: { text?: string | undefined; logprobs?: unknown }): object {
  return {
    id: 'judge',
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text }, logprobs }],
  };
}

/** Returns log-probabilities of "yes" and "no" as the first token. */
export const firstToken = (yes: number, no: number): object => ({
  content: [
    {
      token: 'yes',
      logprob: yes,
      top_logprobs: [
        { token: 'yes', logprob: yes },
        { token: 'no', logprob: no },
      ],
    },
  ],
});

const healthyAnswer = (): object => chatAnswer({ logprobs: firstToken(Math.log(YES), Math.log(1 - YES)) });
