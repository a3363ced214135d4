/**
 * An OpenAI-compatible loopback server for tests and benchmarks. A function computes its answers. It can produce
 * scripted faults, and records every request. `node test/support/openai-server.ts --port 8000` starts it alone.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

/** A request as the server received it. */
export type ReceivedRequest = {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: ChatBody;
  /** The body as received, in bytes. */
  readonly raw: Buffer;
};

export type ChatBody = Readonly<Record<string, unknown>> & {
  readonly model?: string;
  readonly n?: number;
  readonly seed?: number;
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
};

export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly error?: Readonly<Record<string, unknown>>;
    }
  /** Sends the headers and half of the JSON, then closes the connection. */
  | { readonly kind: 'half-body' }
  /** Sends status 200 without a body. */
  | { readonly kind: 'empty-body' }
  /** Sends status 200 and a well-formed answer without choices. */
  | { readonly kind: 'no-choices' }
  /** Sends status 200 and HTML. */
  | { readonly kind: 'html' }
  | { readonly kind: 'reset' }
  /** Never answers, and leaves the connection open. */
  | { readonly kind: 'hang' };

export type ServerOptions = {
  /** Returns the text of completion `i` of a request. The default is a fixed answer. */
  readonly answer?: (body: ChatBody, i: number) => string | object;
  /**
   * Returns the fault for a request, or undefined to answer normally. Called once per request, with the request's
   * index.
   */
  readonly fault?: (index: number, body: ChatBody) => Fault | undefined;
  /** Maximum number of completions per request, even if the request's `n` is higher. */
  readonly maxN?: number;
  readonly port?: number;
  /** Whether to record requests. The default is true. Benchmarks turn recording off. */
  readonly record?: boolean;
};

export type TestServer = {
  /** Base URL of the server, which ends in /v1. */
  readonly baseUrl: string;
  readonly requests: readonly ReceivedRequest[];
  readonly requestCount: () => number;
  /** Resolves when `count` requests have arrived. */
  readonly received: (count: number) => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export const DEFAULT_ANSWER =
  '<think>Iron lattice tower, Haussmann facades.</think><answer>country: France\ncity: Paris</answer>';

export const CONTENT_FILTER: Fault = {
  kind: 'status',
  status: 400,
  error: { code: 'content_filter', message: 'The response was filtered.', type: 'invalid_request_error' },
};

export async function startOpenAIServer(options: ServerOptions = {}): Promise<TestServer> {
  const { answer = () => DEFAULT_ANSWER, fault, maxN = Infinity, port = 0, record = true } = options;
  const requests: ReceivedRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let count = 0;

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (request.method === 'GET') return json(response, 200, models(path));
    const raw = Buffer.concat(await request.toArray());
    const body = JSON.parse(raw.toString()) as ChatBody;
    const index = count++;
    if (record) requests.push({ path, headers: request.headers, body, raw });
    for (const waiter of waiting) if (count >= waiter.count) waiter.resolve();
    const scripted = fault?.(index, body);
    if (scripted !== undefined) return sendFault(response, scripted);
    const choices = Array.from({ length: Math.min(body.n ?? 1, maxN) }, (_, i) => choice(answer(body, i), i));
    return json(response, 200, chatCompletion(choices, body.model));
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    requestCount: () => count,
    received: async (target) =>
      new Promise((resolve) => {
        if (count >= target) resolve();
        else waiting.push({ count: target, resolve });
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function choice(answer: string | object, index: number): object {
  const message = { role: 'assistant', content: answer };
  return typeof answer === 'string' ? { index, finish_reason: 'stop', message } : { index, ...answer };
}

const chatCompletion = (choices: readonly object[], model: string | undefined): object => ({
  id: 'chatcmpl-test',
  object: 'chat.completion',
  created: 1_700_000_000,
  model,
  choices,
  usage: { prompt_tokens: 1000, completion_tokens: 40 * choices.length, total_tokens: 1000 + 40 * choices.length },
});

function models(path: string): object {
  return path.endsWith('/models') ? { object: 'list', data: [{ id: 'test-model', object: 'model' }] } : {};
}

function json(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function sendFault(response: ServerResponse, fault: Fault): void {
  switch (fault.kind) {
    case 'status':
      return json(response, fault.status, { error: fault.error ?? { message: 'scripted fault' } }, fault.headers);
    case 'half-body': {
      const text = JSON.stringify(chatCompletion([choice(DEFAULT_ANSWER, 0)], 'test-model'));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.write(text.slice(0, text.length / 2), () => response.destroy());
      return;
    }
    case 'empty-body':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end();
      return;
    case 'no-choices':
      return json(response, 200, chatCompletion([], 'test-model'));
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Bad gateway</html>');
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
  }
  fault satisfies never;
}

/** Returns the bytes of every image in a request, with the media type from its data URI. */
export function imagesIn(body: ChatBody): { mediaType: string; bytes: Buffer }[] {
  const parts = (body.messages ?? []).flatMap(({ content }) => (Array.isArray(content) ? (content as unknown[]) : []));
  return parts.flatMap((part) => {
    const url = (part as { image_url?: { url?: string } }).image_url?.url;
    const match = /^data:([^;]+);base64,(.*)$/s.exec(url ?? '');
    return match === null ? [] : [{ mediaType: match[1]!, bytes: Buffer.from(match[2]!, 'base64') }];
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8000' } } });
  const { baseUrl } = await startOpenAIServer({ port: Number(values.port), record: false });
  process.stdout.write(`${baseUrl}\n`);
}
