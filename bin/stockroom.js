#!/usr/bin/env node
// `npx stockroom outbox` in a checkout: compiles what has changed and runs the command on the Node that comes with the project.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMANDS = { outbox: 'outbox.js' };
const FAILED = 1;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, 'node_modules', '.bin');
const env = { ...process.env, PATH: [tools, process.env.PATH ?? ''].join(delimiter) };
const node = existsSync(join(tools, 'node')) ? join(tools, 'node') : process.execPath;

function run(args, stdio) {
  const { status, error } = spawnSync(node, args, { cwd: process.cwd(), env, stdio });
  if (error) throw error;
  return status ?? FAILED;
}

const [name = '', ...args] = process.argv.slice(2);
if (!Object.hasOwn(COMMANDS, name)) {
  console.error(`usage: npx stockroom ${Object.keys(COMMANDS).join(' | ')}`);
  process.exitCode = FAILED;
} else {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const hasSources = existsSync(compiler) && existsSync(join(root, 'tsconfig.start.json'));
  const compiled = hasSources ? run([compiler, '-b', join(root, 'tsconfig.start.json')], 'inherit') : 0;
  const command = join(root, 'dist', 'src', 'commands', COMMANDS[name]);
  process.exitCode = compiled === 0 ? run(['--enable-source-maps', command, ...args], 'inherit') : compiled;
}
