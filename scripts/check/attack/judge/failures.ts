/** The ways in which a judge can fail, and what the service must answer in each case. */
import { gzipSync } from 'node:zlib';
import { type Answer, chatAnswer, firstToken, sendJson } from './judge-server.ts';

export type JudgeFailure = {
  readonly name: string;
  /** Makes the judge answer wrongly. Undefined if the judge accepts no connection. */
  readonly fail: Answer | undefined;
  readonly protocol?: 'https';
  /**
   * `temporary`: the service must answer 503 with Retry-After, because a retry may help. `lasting`: the service must
   * return the row unscored and must not suggest a retry.
   */
  readonly kind: 'temporary' | 'lasting';
  /** Must match the reason of the unscored row. */
  readonly reason: RegExp;
  /** False if the judge cannot recover, because its address is wrong. */
  readonly heals?: false;
};

const MEBIBYTE = 1024 * 1024;

/** Answers with an error status. The error quotes the key of the request, as some real servers do. */
const status =
  (code: number, { error = {}, headers = {} }: { error?: object; headers?: Record<string, string> } = {}): Answer =>
  (response, request) =>
    sendJson(
      response,
      { error: { message: `Failed for ${request.headers.authorization ?? 'nobody'}`, ...error } },
      { status: code, headers },
    );

const body =
  (text: string | Buffer, headers: Record<string, string | number> = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length, ...headers });
    response.end(text);
  };

const ANSWER = JSON.stringify(chatAnswer({ logprobs: firstToken(-0.1, -2.3) }));
const BOMB = gzipSync(Buffer.alloc(256 * MEBIBYTE, ' '));

let retryAfters = 0;
const ODD_RETRY_AFTER = ['soon', '-5', '1e99', 'Thu, 01 Jan 1970 00:00:00 GMT', '99999999999999999999', ''];

export const JUDGE_FAILURES: readonly JudgeFailure[] = [
  { name: 'refused connection', fail: undefined, kind: 'temporary', reason: /ECONNREFUSED/ },
  {
    name: 'reset connection',
    fail: (response) => response.socket?.resetAndDestroy(),
    kind: 'temporary',
    reason: /ECONNRESET|hang up/,
  },
  { name: 'no answer', fail: () => {}, kind: 'temporary', reason: /deadline/ },
  {
    name: 'slow drip',
    fail: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
    },
    kind: 'temporary',
    reason: /deadline/,
  },
  {
    name: 'half a body',
    fail: (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
      response.write(ANSWER.slice(0, ANSWER.length / 2), () => response.destroy());
    },
    kind: 'temporary',
    reason: /aborted|did not answer properly/,
  },
  { name: 'empty body', fail: body(''), kind: 'temporary', reason: /empty body/ },
  {
    name: 'HTML',
    fail: body('<html><h1>It works!</h1></html>', { 'content-type': 'text/html' }),
    kind: 'temporary',
    reason: /is not JSON/,
  },
  { name: 'wrong JSON', fail: body('[[1, {"choices": 2}]]'), kind: 'temporary', reason: /is not a chat completion/ },
  {
    name: 'error with status 200',
    fail: (response) => sendJson(response, { error: { message: 'The engine is dead.', type: 'server_error' } }),
    kind: 'temporary',
    reason: /engine is dead/,
  },
  {
    name: 'no choices',
    fail: (response) => sendJson(response, { ...chatAnswer({}), choices: [] }),
    kind: 'temporary',
    reason: /without choices/,
  },
  {
    name: 'invalid UTF-8',
    fail: body(
      Buffer.concat([Buffer.from('{"choices": [{"message": {"content": "'), Buffer.of(0xff, 0xc0, 0x80, 0x22)]),
    ),
    kind: 'temporary',
    reason: /is not JSON/,
  },
  {
    name: 'not HTTP',
    fail: (response) => response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'),
    kind: 'temporary',
    reason: /did not answer properly/,
  },
  { name: 'status 401', fail: status(401), kind: 'temporary', reason: /401/ },
  { name: 'status 404', fail: status(404), kind: 'temporary', reason: /404/ },
  { name: 'status 408', fail: status(408), kind: 'temporary', reason: /408/ },
  {
    name: 'status 429 with an odd Retry-After',
    fail: (response, request) =>
      status(429, { headers: { 'retry-after': ODD_RETRY_AFTER[retryAfters++ % ODD_RETRY_AFTER.length]! } })(
        response,
        request,
      ),
    kind: 'temporary',
    reason: /429|deadline/,
  },
  {
    name: 'status 429 without credit',
    fail: status(429, { error: { code: 'insufficient_quota' } }),
    kind: 'temporary',
    reason: /429/,
  },
  { name: 'status 500', fail: status(500), kind: 'temporary', reason: /500/ },
  {
    name: 'status 502 with HTML',
    fail: (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>'),
    kind: 'temporary',
    reason: /502/,
  },
  { name: 'status 503', fail: status(503), kind: 'temporary', reason: /503/ },
  {
    name: 'redirect loop',
    fail: (response, { url }) => response.writeHead(307, { location: url }).end(),
    kind: 'temporary',
    reason: /307/,
  },
  {
    name: 'too large answer',
    fail: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(MEBIBYTE)));
      };
      response.on('drain', more);
      more();
    },
    kind: 'temporary',
    reason: /larger than 67108864 bytes|deadline/,
  },
  {
    name: 'gzip bomb',
    fail: body(BOMB, { 'content-encoding': 'gzip' }),
    kind: 'temporary',
    reason: /larger than 67108864 bytes|deadline/,
  },
  {
    name: 'certificate of no authority',
    fail: body(ANSWER),
    protocol: 'https',
    kind: 'temporary',
    reason: /certificate/,
    heals: false,
  },
  {
    name: 'NaN log-probabilities',
    // If a model's weights are not numbers, it writes its first token again and again.
    fail: body(ANSWER.replaceAll(/-0\.1|-2\.3/g, 'NaN').replaceAll('yes', '!')),
    kind: 'lasting',
    reason: /neither yes nor no/,
  },
  {
    name: 'neither yes nor no, without log-probabilities',
    fail: (response) => sendJson(response, chatAnswer({ text: 'A lovely photo!' })),
    kind: 'lasting',
    reason: /neither yes nor no/,
  },
  {
    name: 'content filter',
    fail: status(400, { error: { code: 'content_filter' } }),
    kind: 'lasting',
    reason: /content filter/i,
  },
];
