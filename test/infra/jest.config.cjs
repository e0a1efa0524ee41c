const base = require('../../jest.config.cjs')

/** The tests of the templates need a grammar that is no dependency of the product: `npm run templates` fetches it and runs them. */
module.exports = { ...base, rootDir: '../..', testMatch: ['<rootDir>/test/infra/*.spec.ts'] }
