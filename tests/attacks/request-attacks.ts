import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { byGet, JSON_TYPE, operation, raw, saying, type Attack } from './attack.js';

const MIB = 1_048_576;
const QUERY = '{ shop { id } }';
const MUTATION = 'mutation { categoryCreate(input: { code: "ATTACK", name: "Attack" }) { category { id } } }';
const LARGE = JSON.stringify({ query: QUERY, variables: { a: 'a'.repeat(11 * MIB) } });
const BOMB = JSON.stringify({ query: QUERY, variables: { a: ' '.repeat(64 * MIB) } });

const packed = (encoding: string, body: Buffer): Attack => ({
  ...raw(`a body that ${encoding} makes large`, body, { ...JSON_TYPE, 'content-encoding': encoding }),
  isCutOff: true,
});

const LARGE_ONES: readonly Attack[] = [
  { ...raw('a body of 11 MiB', LARGE), isCutOff: true },
  {
    ...raw('a body of 11 MiB, of a length that nobody was told', LARGE, { ...JSON_TYPE, 'transfer-encoding': 'chunked' }),
    isCutOff: true,
  },
  { ...raw('a comment of 11 MiB', JSON.stringify({ query: `${QUERY} #${'x'.repeat(11 * MIB)}` })), isCutOff: true },
  packed('gzip', gzipSync(BOMB)),
  packed('deflate', deflateSync(BOMB)),
  packed('br', brotliCompressSync(Buffer.from(BOMB))),
  raw('arrays 100,000 deep', `{"query":"${QUERY}","variables":${'['.repeat(100_000)}`),
  raw(
    'variables 100,000 deep, which nobody declared',
    `{"query":"{ nothing }","variables":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
  ),
  operation('100,000 ids', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: Array.from({ length: 100_000 }, () => 'a'),
  }),
  operation('100,000 ids that are none', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: Array.from({ length: 100_000 }, () => null),
  }),
  operation(
    '10,000 acts that are none',
    'mutation ($input: StockPostInput!) { stockPost(input: $input) { userErrors { code } } }',
    { input: { acts: Array.from({ length: 10_000 }, () => ({ nothing: 1 })) } },
  ),
  operation('a name of 900,000 characters', `{ ${'a'.repeat(900_000)} }`),
  operation('a number of 900,000 digits', `{ stockItems(first: ${'9'.repeat(900_000)}) { nodes { id } } }`),
  operation('a text of 900,000 characters for an id', 'query ($id: ID!) { node(id: $id) { id nothing } }', {
    id: 'a'.repeat(900_000),
  }),
  operation('900,000 commas and nothing', ','.repeat(900_000)),
  operation('an operation name of 900,000 characters', `query ${'a'.repeat(900_000)} { nothing }`),
  byGet('a GET of 30,000 characters', [['query', `{ shop { id } } #${'x'.repeat(30_000)}`]]),
];

const FORMS: readonly Attack[] = [
  byGet('a mutation by GET', [['query', MUTATION]]),
  byGet('a mutation by GET, behind a query', [
    ['query', `query a { shop { id } } ${MUTATION.replace('mutation', 'mutation b')}`],
    ['operationName', 'b'],
  ]),
  byGet('a mutation by GET, under an empty name', [
    ['query', MUTATION],
    ['operationName', ''],
  ]),
  byGet('variables by GET that are no JSON', [
    ['query', QUERY],
    ['variables', '{'],
  ]),
  byGet('a GET without a query', []),
  raw('a mutation as text/plain', JSON.stringify({ query: MUTATION }), { 'content-type': 'text/plain' }),
  raw('a mutation as a form', new URLSearchParams({ query: MUTATION }).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  }),
  raw(
    'a mutation as a form of parts',
    `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: MUTATION })}\r\n--x--\r\n`,
    { 'content-type': 'multipart/form-data; boundary=x' },
  ),
  raw('a mutation of no type', JSON.stringify({ query: MUTATION }), {}),
  raw('a mutation as application/graphql', MUTATION, { 'content-type': 'application/graphql' }),
  raw('a mutation as XML', `<query>${MUTATION}</query>`, { 'content-type': 'application/xml' }),
  raw('a type that is nearly JSON', JSON.stringify({ query: MUTATION }), { 'content-type': 'text/plain; application/json' }),
  raw('a batch of ten', JSON.stringify(Array.from({ length: 10 }, () => ({ query: QUERY })))),
  raw('a batch of 10,000', JSON.stringify(Array.from({ length: 10_000 }, () => ({ query: QUERY })))),
  raw('a batch of none', '[]'),
  raw('a query that is a list', '{"query":["{ shop { id } }"]}'),
  raw('a query that is an object', '{"query":{"kind":"Document"}}'),
  raw('no query', '{"variables":{}}'),
  raw('a name that is a list', JSON.stringify({ query: QUERY, operationName: ['a'] })),
  raw('variables that are a text', JSON.stringify({ query: QUERY, variables: 'a' })),
  raw('extensions that are a text', JSON.stringify({ query: QUERY, extensions: 'a' })),
  raw(
    'an operation by the hash of another',
    JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'b'.repeat(64) } } }),
  ),
  raw(
    'an operation whose hash is __proto__',
    JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: '__proto__' } } }),
  ),
  raw('a body with a prototype', `{"query":"${QUERY}","__proto__":{"query":"{ nothing }"}}`),
  raw('a body with a constructor', `{"query":"${QUERY}","constructor":{"prototype":{"query":"{ nothing }"}}}`),
  raw('half a body', '{"query":"{ shop'),
  raw('NUL and half characters in the text', '{"query":"{ shop \\u0000 \\ud800 { id } }"}'),
  raw('an operation that does not exist', JSON.stringify({ query: 'query a { shop { id } }', operationName: '__proto__' })),
  operation('a number that no one has', 'query ($n: Int) { stockItems(first: $n) { nodes { id } } }', { n: 1e308 }),
  operation('a subscription over HTTP', 'subscription { stockMovements { cursor } }'),
];

const FILES: readonly Attack[] = [
  { name: 'a file without a signature', method: 'GET', path: '/files/a/b' },
  { name: 'a file above the folder', method: 'GET', path: '/files/..%2f..%2f..%2fetc%2fpasswd' },
  {
    name: 'a file with a signature of its own making',
    method: 'GET',
    path: `/files/a/b?expires=9999999999&signature=${'0'.repeat(64)}`,
  },
  { name: 'a file with two signatures', method: 'GET', path: '/files/a/b?expires=9999999999&signature=a&signature=b' },
  {
    name: 'a file that is put without a signature',
    method: 'PUT',
    path: '/files/a/b',
    headers: { 'content-type': 'image/png' },
    body: 'x',
  },
  { name: 'a file with NUL in its name', method: 'GET', path: '/files/a%00b?expires=1&signature=a' },
];

/** Requests that are wrong before anybody has read an operation, or larger than one may be. */
export const REQUEST_ATTACKS: readonly Attack[] = saying({ 'a subscription over HTTP': /not answered by a request/ }, [
  ...LARGE_ONES,
  ...FORMS,
  ...FILES,
]);
