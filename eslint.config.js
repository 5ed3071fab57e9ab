import path from 'node:path'
import js from '@eslint/js'
import {defineConfig, globalIgnores} from 'eslint/config'
import tseslint from 'typescript-eslint'
import {roomImports} from './eslint/roomImports.js'
import {publicDoor, rooms} from './eslint/rooms.js'

const root = import.meta.dirname

export default defineConfig(
  globalIgnores(['dist', '.dist-*', 'coverage', 'reports', 'fixtures', 'schemas', '.stryker-tmp']),

  {
    name: 'every script',
    files: ['**/*.{js,mjs,ts}'],
    extends: [js.configs.recommended],
    rules: {
      eqeqeq: ['error', 'always', {null: 'ignore'}],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': ['error', {destructuring: 'all'}],
    },
  },
  {
    name: 'scripts that Node runs as they are',
    files: ['**/*.{js,mjs}'],
    languageOptions: {globals: {console: 'readonly', process: 'readonly', performance: 'readonly', URL: 'readonly'}},
  },
  {
    name: 'the program itself, CommonJS',
    files: ['bin/*.js'],
    languageOptions: {sourceType: 'commonjs', globals: {__dirname: 'readonly'}},
  },

  {
    name: 'typed code',
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: root}},
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false},
      ],
      '@typescript-eslint/consistent-type-imports': ['error', {fixStyle: 'separate-type-imports'}],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true, allowBoolean: true}],
      '@typescript-eslint/restrict-plus-operands': ['error', {allowNumberAndString: true}],
      // Thrown to end one branch of a walk and caught where the branch began: no error, so no stack to collect.
      '@typescript-eslint/only-throw-error': [
        'error',
        {allow: [{from: 'file', name: ['Undetermined', 'Undecided', 'OrderMatters']}]},
      ],
      // The compiler's noUnusedLocals says the same, and knows about types.
      '@typescript-eslint/no-unused-vars': 'off',
      // There are no enums: the compiler's erasableSyntaxOnly.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // `list[index]!` after a length check is the price of noUncheckedIndexedAccess, and cheaper than a branch that cannot run.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        {ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true},
      ],
    },
  },
  {
    name: 'rooms',
    files: ['src/**/*.ts'],
    plugins: {ekspath: {rules: {'room-imports': roomImports}}},
    rules: {'ekspath/room-imports': ['error', {source: path.join(root, 'src'), rooms, publicDoor}]},
  },
  {
    name: 'tests',
    files: ['test/**/*.ts'],
    rules: {
      // Tests hand over broken values on purpose, and read JSON without decoding it.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
)
