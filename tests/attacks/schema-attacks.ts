import { byGet, fromNobody, operation, raw, type Attack } from './attack.js';

const TYPES = '__schema { types { name } }';

/** The schema asked for by those who are not to see it, in every disguise. */
const INTROSPECTION: readonly Attack[] = [
  operation('introspection, plainly', `{ ${TYPES} }`),
  operation('introspection of one type', '{ __type(name: "Shop") { fields { name } } }'),
  operation('introspection under an alias', `{ shop: ${TYPES} }`),
  operation('introspection in a fragment', `{ ...shop } fragment shop on Query { ${TYPES} }`),
  operation(
    'introspection in a fragment of a fragment',
    `{ ...a } fragment a on Query { ...b } fragment b on Query { ${TYPES} }`,
  ),
  operation('introspection in inline fragments', `{ ... { ... on Query { ${TYPES} } } }`),
  operation('introspection behind a variable', `query ($yes: Boolean = true) { __schema @include(if: $yes) { types { name } } }`),
  operation('introspection beside a good field', `{ __typename ${TYPES} }`),
  operation('introspection in a mutation', `mutation { ${TYPES} }`),
  operation('introspection with other blanks', `\ufeff{,,,\t__schema\r\n#c\n{types{name}}}`),
  raw('introspection in escapes', '{"query":"{ \\u005f\\u005fschema { types { name } } }"}'),
  raw('introspection as the second of two queries in one body', `{"query":"{ __typename }","query":"{ ${TYPES} }"}`),
  raw(
    'introspection as the operation that is named',
    JSON.stringify({ query: `query a { __typename } query b { ${TYPES} }`, operationName: 'b' }),
  ),
  byGet('introspection by GET', [['query', `{ ${TYPES} }`]]),
  byGet('introspection as the second query of a GET', [
    ['query', '{ __typename }'],
    ['query', `{ ${TYPES} }`],
  ]),
  raw(
    'introspection with the hash of a persisted operation',
    JSON.stringify({ query: `{ ${TYPES} }`, extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }),
  ),
];

/** Names that are nearly right, to be told what is right. */
const MISSPELT: readonly Attack[] = [
  operation('a misspelt field', '{ shopp { id } }'),
  operation('a misspelt field of an object', '{ shop { naem } }'),
  operation('a misspelt argument', '{ stockItem(byy: { sku: "A" }) { id } }'),
  operation('a misspelt field of an input', '{ stockItem(by: { skuu: "A" }) { id } }'),
  operation('a misspelt field of an input in a variable', 'query ($by: StockItemRef!) { stockItem(by: $by) { id } }', {
    by: { skuu: 'A' },
  }),
  operation('a misspelt value', '{ stockItems(sort: NAMEE) { nodes { id } } }'),
  operation('a misspelt value in a variable', 'query ($sort: StockItemSort) { stockItems(sort: $sort) { nodes { id } } }', {
    sort: 'NAMEE',
  }),
  operation('a misspelt type', '{ node(id: "A") { ... on StockItm { id } } }'),
  operation('a misspelt type of a variable', 'query ($by: StockItemReff!) { stockItem(by: $by) { id } }'),
  operation('a misspelt fragment', '{ shop { ...fieldz } } fragment fields on Shop { id }'),
  operation('a misspelt directive', '{ shop { id @includ(if: true) } }'),
  operation('an object without fields', '{ shop }'),
];

/** What somebody does who wants to know what there is. */
export const SCHEMA_ATTACKS: readonly Attack[] = fromNobody([...INTROSPECTION, ...MISSPELT]);
