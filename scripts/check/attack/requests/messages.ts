/** Generates HTTP requests: well-formed requests to any route, and bytes that break the protocol. */
import fc from 'fast-check';
import { hostileBody, largeBody, openRlhfBody, type ScoreBody, validScore } from './bodies.ts';
import { jsonText } from './json.ts';

/** A well-formed request. The service must answer it. */
export type HttpMessage = {
  readonly kind: 'http';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** True if the body is sent in chunks, without Content-Length. */
  readonly chunked: boolean;
  /** The rows of a valid request, each of which must be returned. Absent if the request is not valid. */
  readonly rows?: ScoreBody['rows'];
};

/** Bytes that are sent unchanged. After them, the client ends its side of the connection. */
export type RawMessage = { readonly kind: 'raw'; readonly name: string; readonly bytes: Buffer };

export type Message = HttpMessage | RawMessage;

export const TOKEN = 'the-token-of-the-service';
export const PATHS = ['/v1/score', '/get_reward', '/v1/reward', '/health', '/ready', '/metrics', '/openapi.json'];

const JSON_TYPE = { 'content-type': 'application/json' };

const authorization = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ authorization: `Bearer ${TOKEN}` }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      {},
      { authorization: 'Bearer' },
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
      { authorization: `bearer  ${TOKEN}` },
    ),
  },
);

const valid: fc.Arbitrary<HttpMessage> = fc.tuple(validScore, fc.boolean()).map(([document, chunked]) => ({
  kind: 'http',
  method: 'POST',
  path: '/v1/score',
  headers: { ...JSON_TYPE, authorization: `Bearer ${TOKEN}` },
  body: Buffer.from(jsonText(document)),
  chunked,
  rows: document.rows,
}));

const hostile: fc.Arbitrary<HttpMessage> = fc
  .tuple(
    fc.oneof(
      { weight: 10, arbitrary: hostileBody },
      { weight: 2, arbitrary: openRlhfBody },
      { weight: 1, arbitrary: largeBody },
    ),
    fc.constantFrom('/v1/score', '/get_reward'),
    authorization,
    fc.boolean(),
  )
  .map(([body, path, auth, chunked]) => ({
    kind: 'http',
    method: 'POST',
    path,
    headers: { ...JSON_TYPE, ...auth },
    body,
    chunked,
  }));

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'M-SEARCH'];

const path: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...PATHS),
  fc.constantFrom(...PATHS).map((known) => `${known}/`),
  fc.tuple(fc.constantFrom(...PATHS), fc.webQueryParameters()).map(([known, query]) => `${known}?${query}`),
  fc.webPath().map((segments) => `/${segments}`),
  fc.constantFrom(
    '/',
    '//',
    '//evil.example/health',
    '/v1/../health',
    '/v1/%2e%2e/health',
    '/%00',
    '/%ff',
    '/%',
    '/v1/score?%',
    '/v1/score#a',
    '/V1/SCORE',
    '/v1//score',
    '/v1/score;a=b',
    '/.env',
    '/health%20',
    '*',
    'http://localhost/health',
    `/${'a'.repeat(8000)}`,
  ),
);

const headerValue = fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).map((text) => text.trim());

/** Well-formed headers with values that the service does not expect. */
const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constantFrom(
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'application/vnd.api+json' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'multipart/form-data; boundary=a' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': '' },
    { 'content-type': `application/json${' '.repeat(2000)}x` },
    { 'content-encoding': 'gzip', ...JSON_TYPE },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:1' },
    { host: 'evil.example' },
    { host: '' },
    { host: 'localhost:99999' },
    { host: '127.0.0.1.evil.example' },
    { host: '[::1' },
    { connection: 'close' },
    { expect: '100-continue' },
    { upgrade: 'websocket', connection: 'Upgrade' },
    { range: 'bytes=0-1' },
    { 'if-none-match': '*' },
    { 'x-forwarded-for': '127.0.0.1', 'x-http-method-override': 'DELETE' },
    { cookie: 'a=b; '.repeat(1500) },
    { te: 'trailers' },
  ),
  fc.dictionary(fc.stringMatching(/^x-[a-z]{1,10}$/), headerValue, { maxKeys: 50 }),
);

const wandering: fc.Arbitrary<HttpMessage> = fc
  .tuple(
    fc.constantFrom(...METHODS),
    path,
    fc.oneof(fc.constant(JSON_TYPE), fc.constant({})),
    fc.oneof(authorization, fc.constant({})),
    oddHeaders,
    fc.oneof(
      hostileBody,
      validScore.map((document) => Buffer.from(jsonText(document))),
      fc.constant(Buffer.alloc(0)),
    ),
    fc.boolean(),
  )
  .map(([method, target, type, auth, odd, body, chunked]) => ({
    kind: 'http',
    method,
    path: target,
    headers: { ...type, ...auth, ...odd },
    body,
    chunked: chunked && body.length > 0,
  }));

const HEAD = `POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer ${TOKEN}\r\n`;
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

/** Messages that break HTTP/1.1, by description. */
const BROKEN: Readonly<Record<string, string>> = {
  'no bytes': '',
  'a bare line feed': '\n',
  'binary bytes': '\u0000\u0001\u0002\u00FF\u00FE\r\n\r\n',
  'a TLS handshake': '\u0016\u0003\u0001\u0000\u00A5\u0001\u0000\u0000\u00A1\u0003\u0003',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'HTTP/0.9': 'GET /health\r\n\r\n',
  'HTTP/9.9': 'GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n',
  'a lower-case method': 'get /health HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'no Host': 'GET /health HTTP/1.1\r\n\r\n',
  'two Hosts': 'GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n',
  'a header without a colon': 'GET /health HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n',
  'a header with NUL': 'GET /health HTTP/1.1\r\nHost: localhost\r\nA: \u0000\r\n\r\n',
  'a header of 100 kB': `GET /health HTTP/1.1\r\nHost: localhost\r\nA: ${'a'.repeat(100_000)}\r\n\r\n`,
  '5,000 headers': `GET /health HTTP/1.1\r\nHost: localhost\r\n${'A: b\r\n'.repeat(5000)}\r\n`,
  'a space in the path': 'GET /hea lth HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'a path of 100 kB': `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  'half a request line': 'POST /v1/sc',
  'half a header': 'GET /health HTTP/1.1\r\nHost: local',
  'half a body': `${HEAD}Content-Length: 1000\r\n\r\n{"rows":[`,
  'a body without a length': `${HEAD}\r\n{"rows":[]}`,
  'a negative length': `${HEAD}Content-Length: -5\r\n\r\n{}`,
  'a length that is text': `${HEAD}Content-Length: five\r\n\r\n{}`,
  'a length with a sign': `${HEAD}Content-Length: +2\r\n\r\n{}`,
  'a length beyond 64 bits': `${HEAD}Content-Length: 99999999999999999999999\r\n\r\n{}`,
  'two lengths': `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`,
  'a length and chunks': `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'an unknown coding': `${HEAD}Transfer-Encoding: gzip\r\n\r\n{}`,
  'a chunk size that is text': `${CHUNKED}zz\r\n{}\r\n0\r\n\r\n`,
  'a negative chunk size': `${CHUNKED}-2\r\n{}\r\n0\r\n\r\n`,
  'a chunk size beyond 64 bits': `${CHUNKED}FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n`,
  'a chunk shorter than its size': `${CHUNKED}9\r\n{}\r\n0\r\n\r\n`,
  'a chunk longer than its size': `${CHUNKED}1\r\n{}\r\n0\r\n\r\n`,
  'no last chunk': `${CHUNKED}2\r\n{}\r\n`,
  'a chunk extension of 100 kB': `${CHUNKED}2;${'a'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`,
  'a trailer of 100 kB': `${CHUNKED}2\r\n{}\r\n0\r\nA: ${'a'.repeat(100_000)}\r\n\r\n`,
  'a refused expectation': `${HEAD}Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}`,
  CONNECT: 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
};

const RAW_NAMES = Object.keys(BROKEN);
const namedRaw: fc.Arbitrary<RawMessage> = fc
  .constantFrom(...RAW_NAMES)
  .map((name) => ({ kind: 'raw', name, bytes: Buffer.from(BROKEN[name]!, 'latin1') }));

/** A whole request with changed bytes. */
const mutatedRaw: fc.Arbitrary<RawMessage> = fc
  .tuple(hostileBody, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 5 }))
  .map(([body, edits]) => {
    const bytes = Buffer.concat([Buffer.from(`${HEAD}Content-Length: ${body.length}\r\n\r\n`), body]);
    for (const [at, value] of edits) bytes[at % Math.min(bytes.length, 250)] = value;
    return { kind: 'raw', name: 'changed bytes', bytes };
  });

export const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 5, arbitrary: valid },
  { weight: 6, arbitrary: hostile },
  { weight: 6, arbitrary: wandering },
  { weight: 2, arbitrary: namedRaw },
  { weight: 1, arbitrary: mutatedRaw },
);
