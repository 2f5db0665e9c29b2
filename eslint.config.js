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
      // A constructor may assert a parameter's field; an empty class may be a token. Everything else of the strict set stands.
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
