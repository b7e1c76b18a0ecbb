import { execa } from 'execa';
import { createProcessEnv, type ProcessEnv } from '../process/process-env.ts';
import { policyFailed, policyUnavailable } from './policy-failure.ts';
import type { PolicyEngine, PolicyEngineSettings } from './port.ts';
import { createWasmEngine } from './shipped-policy.ts';

const commandTimeoutMs = 45_000;
const maxAnswerBytes = 50_000_000;

interface Evaluation {
  readonly result?: readonly { readonly expressions: readonly { readonly value?: unknown }[] }[];
}

/** Rules in a folder, by `opa eval`: an edit counts at once. The plan goes through stdin, never an argument. */
export const createBinaryEngine = (program: string, directory: string, env: ProcessEnv): PolicyEngine => {
  const name = `opa eval of ${directory}`;
  const args = [
    'eval',
    '--format=json',
    '--strict-builtin-errors',
    '--stdin-input',
    '--data',
    directory,
    'data.quarterdeck.result',
  ];
  return {
    name,
    async evaluate(input) {
      const { stdout, stderr, failed, shortMessage } = await execa(program, args, {
        input: JSON.stringify(input),
        env: createProcessEnv(env, 'build'),
        extendEnv: false,
        reject: false,
        timeout: commandTimeoutMs,
        maxBuffer: maxAnswerBytes,
      });
      if (failed)
        throw policyFailed(
          name,
          stdout.slice(0, 500) || stderr.slice(0, 500) || (shortMessage ?? 'it failed'),
        );
      return (JSON.parse(stdout) as Evaluation).result?.[0]?.expressions[0]?.value;
    },
  };
};

const requestTimeoutMs = 30_000;

/** Rules that a team keeps in an OPA server of its own. */
export const createServerEngine = (url: string): PolicyEngine => {
  const name = `OPA at ${url}`;
  const address = `${url.replace(/\/+$/, '')}/v1/data/quarterdeck/result`;
  return {
    name,
    async evaluate(input) {
      let response: Response;
      try {
        response = await fetch(address, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ input }),
          signal: AbortSignal.timeout(requestTimeoutMs),
        });
      } catch (error) {
        throw policyUnavailable(name, error instanceof Error && error.cause ? error.cause : error);
      }
      const text = await response.text();
      // A 500 with a code is a rule that breaks; without one it is the server or what stands before it.
      if (!response.ok)
        throw policyUnavailable(name, `it answered ${response.status}: ${text.slice(0, 300)}`);
      return (JSON.parse(text) as { readonly result?: unknown }).result;
    },
  };
};

/** The engine that the settings name. Rejects when the shipped rules are not those they were compiled from. */
export const createPolicyEngine = async (
  place: PolicyEngineSettings,
  env: ProcessEnv,
): Promise<PolicyEngine> => {
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
