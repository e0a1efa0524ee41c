/** The arrows between the parts. A pure folder knows only pure folders; an adapter implements ports and knows the pure folders. */
const pure = '^shared/(signIns|failures|aggregates|alerts)/'
const adapters = ['graph', 'tables', 'notify']
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(shared|functions|local|test|dashboard|bench)/', pathNot: allowed },
})

module.exports = {
  forbidden: [
    { name: 'no-circles', comment: 'Two files that need each other are one file.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: 'microsoft-graph-types-beta|csv-parse' },
    },
    only('signIns-is-the-ground', '^shared/signIns/', '^shared/signIns/', 'What a sign-in is depends on nothing else of ours.'),
    only('failures-know-sign-ins', '^shared/failures/', '^shared/(signIns|failures)/', 'Why it failed depends on what it is.'),
    only('aggregates-know-failures', '^shared/aggregates/', '^shared/(signIns|failures|aggregates)/', 'How many depends on what and why.'),
    only('alerts-know-aggregates', '^shared/alerts/', pure, 'When it matters depends on what is counted.'),
    ...adapters.map((folder) =>
      only(
        `${folder}-is-an-adapter`,
        `^shared/${folder}/`,
        `${pure}|^shared/${folder}/|^shared/runtime/errors\\.ts$|^shared/pipelines/ports\\.ts$`,
        'An adapter implements the ports and knows the pure folders, its own and the errors.',
      ),
    ),
    only(
      'pipelines-know-ports',
      '^shared/pipelines/',
      `${pure}|^shared/pipelines/|^shared/runtime/errors\\.ts$`,
      'A pipeline reaches the world through ports only.',
    ),
    only(
      'functions-call-pipelines',
      '^functions/',
      '^shared/(pipelines|http|runtime|aggregates)/',
      'A function parses, calls one pipeline and answers.',
    ),
    {
      name: 'pure-folders-have-no-sdk',
      comment: 'No SDK, no IO: hashing and address arithmetic are all that a pure folder may borrow.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '(^crypto$|^node:crypto$|ipaddr\\.js|microsoft-graph-types-beta)' },
    },
    {
      name: 'product-never-knows-local',
      comment: 'The deployed bundle holds nothing of the local command line.',
      severity: 'error',
      from: { path: '^(functions|shared)/' },
      to: { path: '^(local|test|bench)/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.cjs', '.js'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
