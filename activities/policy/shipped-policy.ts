import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { PolicyEngine } from './port.ts';

/** Large enough for a plan of several thousand resources from the start; it grows when it must. */
const pages = 64;

/** The shipped rules, inside this process: nothing to install. */
export const createWasmEngine = async (folder?: string): Promise<PolicyEngine> => {
  const wasm = await readShippedWasm(folder);
  const policy = await loadPolicy(wasm, { initial: pages });
  return {
    name: 'the shipped policy',
    evaluate: async (input) =>
      (policy.evaluate(input) as readonly { readonly result?: unknown }[])[0]?.result,
  };
};

/** The rules that come with Quarterdeck, and their compiled form. */
export const shippedPolicyDir = fileURLToPath(new URL('../../terraform/policies/', import.meta.url));

export const wasmFile = 'policy.wasm';
export const manifestFile = 'policy.manifest.json';

/** What the compiled form was made from. */
export interface PolicyManifest {
  readonly opa: string;
  readonly wasm: string;
  /** sha256 of every rule, by file. */
  readonly rules: Readonly<Record<string, string>>;
}

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** The sha256 of every rule in a folder, tests left out. */
export const digestRules = async (folder: string): Promise<PolicyManifest['rules']> => {
  const files = (await readdir(folder)).filter(
    (name) => name.endsWith('.rego') && !name.endsWith('_test.rego'),
  );
  const digests = files
    .sort()
    .map(async (name) => [name, sha256(await readFile(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(digests));
};

/** Reads the compiled rules; refuses a form that was made from other rules than those beside it. */
const readShippedWasm = async (folder = shippedPolicyDir): Promise<Buffer> => {
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
    `loading the policy: ${wasmFile} was not made from the rules beside it (${differing.join(', ')}). ` +
      'Run `npm run policy:build`, or set OPA_BIN or OPA_URL to evaluate the rules as they are.',
  );
};
