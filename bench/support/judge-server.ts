/**
 * An OpenAI-compatible server that judges localizability. It answers after a fixed time, hangs, or returns garbage.
 * `node judge-server.ts --port P --latency MS` prints its base URL. `PUT /mode` with the body ok, hang or garbage
 * selects the behaviour.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, latency: { type: 'string', default: '20' } },
});
const latencyMs = Number(values.latency);
let mode = 'ok';

const token = { token: 'yes', logprob: Math.log(0.7) };
const ANSWER = JSON.stringify({
  id: 'chatcmpl-judge',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'judge',
  choices: [
    {
      index: 0,
      finish_reason: 'length',
      message: { role: 'assistant', content: 'yes' },
      logprobs: { content: [{ ...token, top_logprobs: [token, { token: 'no', logprob: Math.log(0.3) }] }] },
    },
  ],
  usage: { prompt_tokens: 600, completion_tokens: 1, total_tokens: 601 },
});

async function changeMode(request: IncomingMessage, response: ServerResponse): Promise<void> {
  mode = Buffer.concat((await request.toArray()) as Buffer[]).toString();
  response.end();
}

const server = createServer((request, response) => {
  if (request.method === 'PUT') {
    void changeMode(request, response);
    return;
  }
  request.resume();
  request.on('end', () => {
    if (mode === 'hang') return;
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(mode === 'garbage' ? '<html>what judge?</html>' : ANSWER);
    }, latencyMs);
  });
});
server.listen(Number(values.port), '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1\n`);
