/** One run for every workspace; sources are compiled by swc, imports of our packages go to their sources. */
module.exports = {
  testMatch: ['<rootDir>/*/src/**/*.test.ts', '<rootDir>/*/test/**/*.test.ts'],
  transform: {
    '^.+\\.(t|m?j)s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // These ship ES modules only; jest runs CommonJS.
  transformIgnorePatterns: [
    '/node_modules/(?!(pkijs|asn1js|pvtsutils|pvutils|bytestreamjs|@noble|@peculiar|pdfjs-dist|jose|@seriousme)/)',
  ],
  moduleNameMapper: {
    '^@cinnabar/core/testing$': '<rootDir>/core/src/testing/index.ts',
    '^@cinnabar/bench/(.*)$': '<rootDir>/bench/src/$1',
    '^@cinnabar/(core|chaincode|gateway|client|fixtures)$': '<rootDir>/$1/src/index.ts',
  },
  // A running network's snapshots are no snapshots of tests.
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/[.]network/'],
  testTimeout: 20000,
}
