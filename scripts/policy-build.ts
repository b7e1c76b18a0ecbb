// `npm run policy:build` compiles the rules of terraform/policies. `--check` fails when the result is outdated.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import {
  digestRules,
  manifestFile,
  type PolicyManifest,
  sha256,
  shippedPolicyDir,
  wasmFile,
} from '../activities/policy/shipped-policy.ts';
import { findOpa } from './tools/find-tool.mjs';

const opa = findOpa();
if (opa === null)
  throw new Error(
    'compiling the policy: opa is not installed; set OPA_BIN, or run `npm test`, which installs it',
  );

const compile = async (): Promise<{ wasm: Buffer; manifest: PolicyManifest }> => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-policy-'));
  try {
    const rules = await digestRules(shippedPolicyDir);
    const bundle = join(folder, 'bundle.tar.gz');
    const build = ['build', '--target=wasm', '--entrypoint=quarterdeck/result', `--output=${bundle}`];
    await execa(opa, [...build, ...Object.keys(rules)], { cwd: shippedPolicyDir });
    await execa('tar', ['-xzf', bundle, '-C', folder, '/policy.wasm']);
    const wasm = await readFile(join(folder, wasmFile));
    const { stdout } = await execa(opa, ['version']);
    const version = /^Version: (\S+)/m.exec(stdout)?.[1] ?? 'unknown';
    return { wasm, manifest: { opa: version, wasm: sha256(wasm), rules } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const { wasm, manifest } = await compile();
const text = `${JSON.stringify(manifest, null, 2)}\n`;
if (process.argv.includes('--check')) {
  const [shippedWasm, shippedText] = await Promise.all([
    readFile(join(shippedPolicyDir, wasmFile)),
    readFile(join(shippedPolicyDir, manifestFile), 'utf8'),
  ]);
  if (!shippedWasm.equals(wasm) || shippedText !== text) {
    console.error('terraform/policies/policy.wasm is outdated; run `npm run policy:build`');
    process.exitCode = 1;
  }
} else {
  await writeFile(join(shippedPolicyDir, wasmFile), wasm);
  await writeFile(join(shippedPolicyDir, manifestFile), text);
  console.log(`compiled ${Object.keys(manifest.rules).length} files into ${wasmFile} (${wasm.length} bytes)`);
}
