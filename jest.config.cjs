/** One transform, no type check (that is `npm run types`), and two packages that jest's loader cannot take as they are. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  moduleNameMapper: {
    '^https?-proxy-agent$': '<rootDir>/test/support/proxyAgentStub.cjs',
    '^@azure/functions-core$': '<rootDir>/test/support/functionsCore.cjs',
  },
  // Many tests wait for processes and servers, so every core takes one file.
  maxWorkers: '100%',
  testTimeout: 180_000,
}
