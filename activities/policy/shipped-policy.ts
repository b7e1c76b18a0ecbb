import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { PolicyEngine } from './port.ts';

/** The folder with the rules that come with Quarterdeck, and their compiled form. */
export const shippedPolicyDir = fileURLToPath(new URL('../../terraform/policies/', import.meta.url));

/** The name of the compiled rules in that folder. */
export const wasmFile = 'policy.wasm';
/** The name of the file with a `PolicyManifest`. */
export const manifestFile = 'policy.manifest.json';

/** What the compiled form was made from. */
export interface PolicyManifest {
  /** The version of OPA. */
  readonly opa: string;
  /** The sha256 of `policy.wasm`. */
  readonly wasm: string;
  /** The sha256 of every rule file, by file name. */
  readonly rules: Readonly<Record<string, string>>;
}

/** In lowercase hex. */
export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** The sha256 of every rule file in a folder, by file name; without the tests of the rules. */
export const digestRules = async (folder: string): Promise<PolicyManifest['rules']> => {
  const files = (await readdir(folder)).filter(
    (name) => name.endsWith('.rego') && !name.endsWith('_test.rego'),
  );
  const digests = files
    .sort()
    .map(async (name) => [name, sha256(await readFile(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(digests));
};

/** Reads the compiled rules. Rejects when they were not compiled from the rules in the same folder. */
const readCompiledPolicy = async (folder: string): Promise<Buffer> => {
  const [wasm, text, rules] = await Promise.all([
    readFile(join(folder, wasmFile)),
    readFile(join(folder, manifestFile), 'utf8'),
    digestRules(folder),
  ]);
  const manifest = JSON.parse(text) as PolicyManifest;
  const names = new Set([...Object.keys(manifest.rules), ...Object.keys(rules)]);
  const differing = [...names].filter((name) => manifest.rules[name] !== rules[name]);
  if (sha256(wasm) !== manifest.wasm) differing.push(wasmFile);
  if (differing.length === 0) return wasm;
  throw new Error(
    `loading the policy: ${wasmFile} was not compiled from the rules in its folder (${differing.join(', ')}). ` +
      'Run `npm run policy:build`, or set OPA_BIN or OPA_URL to evaluate the rules without compiling them.',
  );
};

/** Pages of 64 KiB: enough for a plan of several thousand resources. The memory grows when necessary. */
const initialMemoryPages = 64;

/**
 * The shipped rules as WebAssembly in this process: nothing to install.
 * @see https://www.openpolicyagent.org/docs/wasm
 */
export const createWasmEngine = async (folder = shippedPolicyDir): Promise<PolicyEngine> => {
  const wasm = await readCompiledPolicy(folder);
  const policy = await loadPolicy(wasm, { initial: initialMemoryPages });
  return {
    name: 'the shipped policy',
    evaluate: async (input) =>
      (policy.evaluate(input) as readonly { readonly result?: unknown }[])[0]?.result,
  };
};
