/**
 * An OpenAI-compatible server. It reads each request completely, waits a fixed time and returns a fixed answer, so that
 * the model is never the bottleneck. `node latency-server.ts --latency MS` prints its base URL.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { latency: { type: 'string', default: '20' } } });
const latencyMs = Number(values.latency);

const ANSWER = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: {
        role: 'assistant',
        content: '<think>Red brick, green domes.</think><answer>country: Finland\ncity: Helsinki</answer>',
      },
    },
  ],
  usage: { prompt_tokens: 1000, completion_tokens: 40, total_tokens: 1040 },
});

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(ANSWER) });
      response.end(ANSWER);
    }, latencyMs);
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1\n`);
