// `npm run check` runs every static check at the same time: format, lint, types, import rules, dead code,
// generated files, and the language of texts and files.
import { execa } from 'execa';

const folders = [
  ...['bot', 'worker', 'codec-server', 'workflows', 'activities', 'encryption', 'runtime'],
  ...['cli', 'scripts', 'bench', 'test'],
];
const checks: Record<string, readonly [string, ...string[]]> = {
  types: ['tsc', '-p', '.'],
  'format and lint': ['biome', 'check', '--error-on-warnings', '.'],
  'import rules': ['depcruise', '--config', '.dependency-cruiser.mjs', ...folders],
  'dead code': ['knip'],
  'generated files': ['node', 'scripts/generate.ts', '--check'],
  language: ['node', 'scripts/check/language.ts'],
};

const started = performance.now();
const results = await Promise.all(
  Object.entries(checks).map(async ([name, [file, ...args]]) => {
    const result = await execa(file, args, {
      preferLocal: true,
      all: true,
      reject: false,
      env: { FORCE_COLOR: '0' },
    });
    const summary = name === 'language' ? `: ${result.stdout.split('\n').at(-1)}` : '';
    console.log(`${result.failed ? 'FAILED' : 'ok    '}  ${name}${summary}`);
    if (result.failed) console.log(result.all || result.shortMessage);
    return !result.failed;
  }),
);
console.log(`check: ${((performance.now() - started) / 1000).toFixed(1)} s`);
process.exitCode = results.every(Boolean) ? 0 : 1;
