import type { Env } from '../process/environment.ts';
import { createBinaryEngine } from './engines/binary-engine.ts';
import { createServerEngine } from './engines/server-engine.ts';
import { createWasmEngine } from './engines/wasm-engine.ts';
import type { PolicyEngine, PolicyPlace } from './port.ts';

/** The engine that the settings name. Rejects when the shipped rules are not those they were compiled from. */
export const createPolicyEngine = async (place: PolicyPlace, env: Env): Promise<PolicyEngine> => {
  switch (place.kind) {
    case 'shipped':
      return createWasmEngine();
    case 'server':
      return createServerEngine(place.url);
    case 'binary':
      return createBinaryEngine(place.program, place.directory, env);
    default:
      return place satisfies never;
  }
};
