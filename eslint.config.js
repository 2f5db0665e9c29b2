import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const MAX_FILE_LINES = 250;
const MAX_FUNCTION_LINES = 70;
const MAX_PARAMETERS = 4;
const countingCode = { skipBlankLines: true, skipComments: true };

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '.data/', 'node_modules/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: MAX_FILE_LINES, ...countingCode }],
      'max-lines-per-function': ['error', { max: MAX_FUNCTION_LINES, ...countingCode }],
      'max-params': ['error', MAX_PARAMETERS],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/env.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'src/config/env.ts alone reads the environment.' },
      ],
    },
  },
  // A resolver's parameters are its field's arguments, which the public contract has named.
  { files: ['src/**/*.resolver.ts'], rules: { 'max-params': 'off' } },
  // A migration is one list of statements, read from the top.
  { files: ['migrations/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  // Files that a tool loads by their default export.
  {
    files: ['*.config.ts', 'tests/support/global-setup.ts', 'tests/support/reporter.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  // A describe block holds all the tests of its subject.
  { files: ['tests/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['**/*.cjs', '**/*.js', '**/*.mjs'],
    languageOptions: { globals: { module: 'writable', require: 'readonly', process: 'readonly', console: 'readonly' } },
  },
);
