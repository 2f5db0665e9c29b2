import { operation, saying, times, type Attack } from './attack.js';

const DOUBLINGS = 20;
const THOUSAND = 1_000;

/** Each fragment uses the next one twice: 2^`doublings` fields, in a document of a few lines. */
function bomb(doublings: number, last: string): string {
  const fragments = times(doublings, (n) => `fragment f${String(n)} on Shop { ...f${String(n + 1)} ...f${String(n + 1)} }`);
  return `{ shop { ...f0 } } ${fragments} fragment f${String(doublings)} on Shop { ${last} }`;
}

/** The same without twice the same name in one pair of braces. */
function aliasBomb(levels: number, width: number): string {
  const at = (level: number): string => times(width, (n) => `a${String(n)}: parent { ...f${String(level + 1)} }`);
  const fragments = times(levels, (level) => `fragment f${String(level)} on Category { ${at(level)} }`);
  return `{ category(by: { code: "A" }) { ...f0 } } ${fragments} fragment f${String(levels)} on Category { id }`;
}

/** Each fragment uses all that come after it. */
function everyFragmentInEach(count: number): string {
  const spreads = (from: number): string => times(count - from, (n) => `...f${String(from + n)}`);
  return `{ shop { ...f0 } } ${times(count, (n) => `fragment f${String(n)} on Shop { ${spreads(n + 1)} id }`)} fragment f${String(count)} on Shop { id }`;
}

function circle(length: number): string {
  return `{ shop { ...f0 } } ${times(length, (n) => `fragment f${String(n)} on Shop { id ...f${String((n + 1) % length)} }`)}`;
}

const nested = (depth: number, open: string, leaf: string): string => `${open.repeat(depth)}${leaf}${'}'.repeat(depth)}`;
const PARENTS = 'parent { ';

const DEEP: readonly Attack[] = [
  operation('500 fields deep', `{ category(by: { code: "A" }) { ${nested(500, PARENTS, 'id')} } }`),
  operation('7,000 fields deep', `{ category(by: { code: "A" }) { ${nested(7_000, PARENTS, 'id')} } }`),
  operation('7,000 braces that are never closed', '{ shop '.repeat(7_000)),
  operation('3,000 inline fragments deep, with a field too deep', `{ ${nested(3_000, '... { ', nested(25, PARENTS, 'id'))} }`),
  operation(
    'deep through one fragment after another',
    `{ category(by: { code: "A" }) { ...f0 } } ${times(100, (n) => `fragment f${String(n)} on Category { parent { ...f${String(n + 1)} } }`)} fragment f100 on Category { id }`,
  ),
  operation('a list literal 7,000 deep', `{ nodes(ids: ${'['.repeat(7_000)}`),
  operation('an object literal 3,000 deep', `{ stockItem(by: ${'{ a: '.repeat(3_000)}1${' }'.repeat(3_000)}) { id } }`),
  operation('a type of lists 7,000 deep', `query ($a: ${'['.repeat(7_000)}ID${']'.repeat(7_000)}) { shop { id } }`),
  operation(
    'introspection that goes round in circles',
    `{ __schema { types { ${nested(25, 'fields { type { ', 'name')}${'}'.repeat(25)} } } }`,
  ),
];

const MANY: readonly Attack[] = [
  operation('1,000 aliases of one field', `{ ${times(THOUSAND, (n) => `a${String(n)}: shop { id }`)} }`),
  operation('1,000 aliases within one object', `{ shop { ${times(THOUSAND, (n) => `a${String(n)}: id`)} } }`),
  operation(
    '1,000 aliases of a mutation',
    `mutation { ${times(THOUSAND, (n) => `a${String(n)}: categoryDelete(id: "x") { userErrors { code } }`)} }`,
  ),
  operation(
    'aliases of large pages',
    `{ ${times(9, (n) => `a${String(n)}: stockItems(first: 100) { nodes { stockMovements(first: 100) { nodes { id } } } }`)} }`,
  ),
  operation(
    'pages within pages within pages',
    '{ stockItems(first: 100) { nodes { category { stockItems(first: 100) { nodes { stockMovements(first: 100) { nodes { id } } } } } } } }',
  ),
  operation('10,000 times the same field', `{ shop { ${'id '.repeat(10_000)} } }`),
  operation('10,000 times the same object', `{ ${'shop{id}'.repeat(3_000)} }`),
  operation('3,000 fields of one name with other arguments', `{ ${times(3_000, (n) => `x: node(id:${String(n)}){id}`)} }`),
  operation('1,400 fields of one name with other arguments', `{ ${times(1_400, (n) => `x: node(id: "${String(n)}") { id }`)} }`),
  operation('5,000 unknown fields', `{ ${times(5_000, (n) => `unknown${String(n)}`)} }`),
  operation('1,900 unknown fields', `{ ${times(1_900, (n) => `unknown${String(n)}`)} }`),
  operation('5,000 unknown arguments', `{ shop(${times(3_500, (n) => `a${String(n)}: 1`)}) { id } }`),
  operation('3,000 unknown variables', `query (${times(3_000, (n) => `$a${String(n)}: Nothing`)}) { shop { id } }`),
  operation('5,000 variables that nobody declared', `{ nodes(ids: [${times(5_000, (n) => `$a${String(n)}`)}]) { id } }`),
  operation('1,000 unknown fragments', `{ shop { ${times(THOUSAND, (n) => `...f${String(n)}`)} } }`),
  operation(
    '1,500 fragments that nobody uses',
    `{ shop { id } } ${times(1_500, (n) => `fragment f${String(n)} on Shop { id }`)}`,
  ),
  operation(
    '1,500 operations, and none is named',
    times(1_500, (n) => `query q${String(n)} { shop { id } }`),
  ),
  operation(
    '300 operations that share a fragment of 1,000 variables',
    `${times(300, (n) => `query q${String(n)} ($v: ID!) { ...f }`)} fragment f on Query { nodes(ids: [${times(THOUSAND, () => '$v')}]) { id } }`,
  ),
  operation('the schema itself, 20 times', `{ ${times(20, (n) => `a${String(n)}: __schema { types { name } }`)} }`),
  operation(
    '90 batches of 500 scans in one variable',
    `mutation ($scans: [ScanInput!]!, $at: DateTime!) { ${times(90, (n) => `a${String(n)}: scanBatch(input: { device: "${String(n)}", sentAt: $at, scans: $scans }) { __typename }`)} }`,
    { at: '2026-01-01T00:00:00Z', scans: Array.from({ length: 500 }, (_, n) => ({ id: String(n), code: 'A' })) },
  ),
  operation('1,000 types of its own', `{ shop { id } } ${times(THOUSAND, (n) => `type T${String(n)} { id: ID }`)}`),
  operation(
    '1,500 objects with unknown fields',
    `mutation { stockPost(input: { acts: [${times(1_500, () => '{ recieve: 1 }')}] }) { userErrors { code } } }`,
  ),
  operation('20,000 tokens', `{ nodes(ids: [${times(20_000, () => '1')}]) { id } }`),
];

const FRAGMENTS: readonly Attack[] = [
  operation('a bomb of fragments, 2^20', bomb(DOUBLINGS, 'id')),
  operation('a bomb of fragments, 2^1000', bomb(THOUSAND, 'id')),
  operation('fragments times aliases, 10^6', aliasBomb(6, 10)),
  operation('80 fragments, each in all before it', everyFragmentInEach(80)),
  operation(
    '1,500 fragments side by side',
    `{ shop { nothing ${times(1_500, (n) => `...f${String(n)}`)} } } ${times(1_500, (n) => `fragment f${String(n)} on Shop { id }`)}`,
  ),
  operation(
    'inline fragments within inline fragments, all of one object',
    `{ nothing ${times(45, () => `... { ${times(20, () => '... { shop { id } }')} }`)} }`,
  ),
  operation(
    'fragments side by side, each with many of one object',
    `{ nothing ${times(19, (n) => `...f${String(n)}`)} } ${times(19, (n) => `fragment f${String(n)} on Query { ${'shop { id } '.repeat(50)} }`)}`,
  ),
  operation('90 times an object with 20 of one field', `{ nothing ${`shop { ${'id '.repeat(20)} } `.repeat(90)} }`),
  operation('a bomb of fragments that end in nothing, 2^90', bomb(90, '...nothing')),
  operation('a fragment within itself', circle(1)),
  operation(
    'a fragment within a field of itself',
    '{ category(by: { code: "A" }) { ...f } } fragment f on Category { parent { ...f } parent { ...f } }',
  ),
  operation('1,000 fragments in a circle', circle(THOUSAND)),
  operation(
    '60 fragments, each in each',
    `{ shop { ...f0 } } ${times(60, (n) => `fragment f${String(n)} on Shop { ${times(60, (other) => `...f${String(other)}`)} }`)}`,
  ),
];

const DIRECTIVES: readonly Attack[] = [
  operation('1,000 directives on one field', `{ shop { id ${'@include(if: true) '.repeat(THOUSAND)} } }`),
  operation('10 directives of one name on one field', `{ shop { id ${'@skip(if: false) '.repeat(10)} } }`),
  operation('1,000 unknown directives', `{ shop { id ${times(THOUSAND, (n) => `@d${String(n)}`)} } }`),
  operation('1,000 fields with a directive', `{ shop { ${'id @include(if: true) '.repeat(THOUSAND)} } }`),
  operation('1,000 directives on the operation', `query ${'@a '.repeat(THOUSAND)} { shop { id } }`),
  operation('1,000 directives on a variable', `query ($a: ID ${'@a '.repeat(THOUSAND)}) { node(id: $a) { id } }`),
  operation('1,000 directives on a fragment', `{ shop { ...f } } fragment f on Shop ${'@a '.repeat(THOUSAND)} { id }`),
];

/** Documents that are small to send and large to look at. */
export const DOCUMENT_ATTACKS: readonly Attack[] = saying(
  {
    '500 fields deep': /nested deeper/,
    '7,000 braces that are never closed': /nested too deeply/,
    '1,000 aliases within one object': /1000 aliases/,
    '5,000 unknown fields': /fields|tokens/,
    'pages within pages within pages': /objects at once/,
    'the schema itself, 20 times': /20 fields of the schema itself/,
    '300 operations that share a fragment of 1,000 variables': /300 operations/,
    '90 batches of 500 scans in one variable': /objects at once/,
    'a bomb of fragments, 2^20': /1048577 fields/,
    '1,500 fragments that nobody uses': /1500 fragments/,
    'inline fragments within inline fragments, all of one object': /same fields too often/,
    '90 times an object with 20 of one field': /same fields too often/,
    '1,000 fields with a directive': /1000 directives;/,
    '10 directives of one name on one field': /10 directives in one place/,
  },
  [...DEEP, ...MANY, ...FRAGMENTS, ...DIRECTIVES],
);
