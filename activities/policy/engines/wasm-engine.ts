import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { PolicyEngine } from '../port.ts';
import { readShippedWasm } from '../shipped.ts';

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
