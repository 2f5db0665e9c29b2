// Which part may know which, checked by `npm run boundaries` and by a test that plants violations. ARCHITECTURE.md says why.
// Needs TypeScript < 7: under 7 dependency-cruiser reads 0 modules and passes, so the test also sees that it read many.
const room = (r) => `^src/features/${r}/`;
/** Which rooms each room may enter (always by the other's index.ts). */
const DOORS = {
  access: [],
  catalog: ['access'],
  stock: ['access', 'catalog'],
  barcode: ['access', 'catalog', 'stock'],
  alerts: ['access', 'catalog', 'stock'],
  notifications: ['access', 'catalog', 'stock', 'alerts'],
  webhooks: ['access', 'catalog', 'stock', 'alerts'],
  files: ['access', 'catalog'],
  operations: ['access'],
  people: ['access'],
  audit: ['access'],
  privacy: ['access'],
  realtime: ['access', 'stock', 'alerts'],
};
/**
 * Of the files without a floor in their name, those that hold values only (lists of names, refusals, the form of an input): every floor may
 * know them. A file that is not named here belongs to the floor of the services, whatever it is called.
 */
const VALUES = [
  'access-refusals',
  'access-stamps',
  'actor',
  'acts',
  'alert-kind',
  'barcode-list',
  'barcode-value',
  'category-tree',
  'file-types',
  'files-refusals',
  'in-order',
  'item-ref',
  'key-holder',
  'movement-kind',
  'object-key',
  'notification-kinds',
  'outbox-job',
  'permissions',
  'place',
  'principal-kind',
  'product-suggestion',
  'roles',
  'scan',
  'signed-in',
  'search',
  'stock-refusals',
  'stock-stamps',
  'text-rules',
  'webhook-kind',
];
const VALUE = `^src/features/[^/]+/(${VALUES.join('|')})\\.ts$`;
const BELOW = [VALUE, '^src/kernel/', '^src/features/[^/]+/index\\.ts$'];
/** What writes SQL or reads its refusals. */
const SQL = '^src/platform/(sql|where|paging|columns|database-errors|read-rows|newest-first)\\.ts$';
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
module.exports = {
  forbidden: [
    rule('resolves', 'Every import is found; else nothing is checked.', {}, { couldNotResolve: true }),
    rule(
      'known-rooms',
      'A new room is named here first.',
      {},
      {
        path: '^src/',
        pathNot: `^src/(main|app|banner|demo)\\.ts$|^src/(app|commands|config|transport|adapters|graphql|platform|kernel)/|^src/features/(${Object.keys(DOORS).join('|')})/`,
      },
    ),
    rule(
      'transport-not-adapters',
      'transport never builds an adapter.',
      { path: '^src/transport/' },
      { path: '^src/(adapters|app|banner|commands|demo|main)' },
    ),
    rule(
      'process-on-top',
      'nobody imports the process; commands stand beside it.',
      { path: '^src/', pathNot: '^src/main\\.ts$' },
      { path: '^src/((main|banner|demo)\\.ts|commands/)' },
    ),
    rule(
      'top-of-tree',
      'only the process, its commands and app know the ORM settings, migrations and seeders.',
      { path: '^src/', pathNot: '^src/(main|app|banner|demo)\\.ts$|^src/(app|commands)/' },
      { path: '^(mikro-orm\\.config|migrations/|seeders/)' },
    ),
    rule('no-test-code', 'the program does not import its tests.', { path: '^src/' }, { path: '^tests/' }),
    rule('no-cycles', 'Walk one way.', {}, { circular: true }),
    rule(
      'kernel-is-floor',
      'kernel imports only node, decimals, uuid and itself.',
      { path: '^src/kernel/' },
      { pathNot: '^src/kernel/|node_modules/(decimal\\.js|uuid)/', dependencyTypesNot: ['core'] },
    ),
    rule(
      'base-looks-down',
      'platform/ and graphql/ import only themselves and kernel.',
      { path: '^src/(platform|graphql)/' },
      { path: '^src/(?!platform/|graphql/|kernel/)' },
    ),
    rule(
      'platform-not-graphql',
      'platform does not know GraphQL.',
      { path: '^src/platform/' },
      { path: '^src/graphql/|node_modules/(type-graphql|graphql)/' },
    ),
    rule(
      'features-look-down',
      'features never import transport, adapters, config or app.',
      { path: '^src/features/' },
      { path: '^src/(transport|adapters|config|commands|app|banner|demo|main)' },
    ),
    rule(
      'adapters-see-ports',
      'an adapter sees ports, platform and kernel only.',
      { path: '^src/adapters/' },
      { path: '^src/', pathNot: '\\.port\\.ts$|^src/(adapters|platform|kernel)/' },
    ),
    rule(
      'transport-sees-resolvers',
      'transport enters rooms by resolvers or doors.',
      { path: '^src/transport/' },
      { path: '^src/features/', pathNot: '(\\.resolver|/index)\\.ts$' },
    ),
    rule(
      'config-at-top',
      'only app, main and commands read config.',
      { path: '^src/', pathNot: '^src/(app|main)\\.ts$|^src/(app|config|commands)/' },
      { path: '^src/config/' },
    ),
    ...Object.entries(DOORS).flatMap(([r, doors]) => [
      rule(
        `door-${r}`,
        `${r} enters only: ${doors.join(', ') || 'nobody'}.`,
        { path: room(r) },
        { path: '^src/features/', pathNot: [room(r), ...doors.map((d) => `${room(d)}index\\.ts$`)] },
      ),
    ]),
    rule(
      'entity-pure',
      'entities know entities, events, values, kernel and how a column is declared.',
      { path: '\\.(entity|events)\\.ts$' },
      {
        path: '^src/',
        pathNot: ['\\.(entity|events)\\.ts$', ...BELOW, '^src/platform/(columns|outbox/job|audit/audit-note)\\.ts$'],
      },
    ),
    rule(
      'repository-floor',
      'repositories know entities and values.',
      { path: '\\.repository\\.ts$' },
      { path: '^src/', pathNot: ['\\.(entity|events|repository)\\.ts$', ...BELOW, SQL] },
    ),
    rule(
      'reader-floor',
      'readers know entities, values, readers and the cache.',
      { path: '\\.reader\\.ts$' },
      { path: '^src/', pathNot: ['\\.(entity|events|reader|region)\\.ts$', ...BELOW, '^src/platform/'] },
    ),
    rule(
      'region-floor',
      'a cached region knows entities, values and the form of a region.',
      { path: '\\.region\\.ts$' },
      { path: '^src/', pathNot: ['\\.entity\\.ts$', ...BELOW, '^src/platform/(cache/region|revive)\\.ts$'] },
    ),
    rule(
      'value-floor',
      'values know no repository, reader, service or GraphQL.',
      { path: VALUE },
      { path: '^src/', pathNot: ['\\.(entity|events)\\.ts$', ...BELOW, SQL] },
    ),
    rule(
      'service-floor',
      'services never know GraphQL.',
      { path: '\\.service\\.ts$' },
      { path: '\\.(schema|resolver)\\.ts$|^src/graphql/|node_modules/(type-graphql|graphql)/' },
    ),
    rule(
      'resolver-thin',
      'resolvers never touch entities at run time, repositories or the database.',
      { path: '\\.(resolver|schema)\\.ts$' },
      {
        path: '\\.(repository|entity)\\.ts$|^src/platform/(unit-of-work|outbox|cache)|node_modules/@mikro-orm/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'lib-graphql',
      'GraphQL lives in graphql/, transport/, *.schema, *.resolver; app hands the schema on.',
      { path: '^src/', pathNot: '^src/(graphql|transport)/|^src/app\\.ts$|\\.(schema|resolver)\\.ts$' },
      { path: 'node_modules/(type-graphql|graphql)/' },
    ),
    rule(
      'lib-orm',
      'MikroORM lives in entity, repository, reader, platform, app.',
      { path: '^src/', pathNot: '^src/platform/|^src/app(\\.ts$|/)|\\.(entity|repository|reader)\\.ts$' },
      { path: 'node_modules/@mikro-orm/' },
    ),
    rule(
      'lib-pg',
      'the bare driver lives in platform/postgres.',
      { path: '^src/', pathNot: '^src/platform/postgres/' },
      { path: 'node_modules/pg/' },
    ),
    rule(
      'lib-edges',
      'network clients live in adapters/ and platform/.',
      { path: '^src/', pathNot: '^src/(adapters|platform)/' },
      { path: 'node_modules/(got|cockatiel|nodemailer|minio|keyv|@keyv|ioredis|redis)/' },
    ),
    rule(
      'lib-metrics',
      'what is counted is counted in platform/.',
      { path: '^src/', pathNot: '^src/platform/' },
      { path: 'node_modules/prom-client/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'require', 'types'] },
  },
};
