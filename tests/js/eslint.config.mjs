// The page's scripts run one after the other in a browser; `L` is Leaflet.
const browser = ['window', 'document', 'location', 'history', 'navigator', 'L', 'URL', 'Blob', 'Response', 'TextDecoder',
  'DecompressionStream', 'performance', 'requestAnimationFrame', 'cancelAnimationFrame', 'setTimeout', 'clearTimeout',
  'getComputedStyle', 'atob']; // prettier-ignore

export default [
  {
    files: ['**/*.js'],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: 'script',
      globals: Object.fromEntries(browser.map((name) => [name, 'readonly'])),
    },
    rules: {
      'no-undef': 'error',
      'no-unused-vars': ['error', { caughtErrors: 'none' }],
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
];
