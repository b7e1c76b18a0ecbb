import { execa } from 'execa';
import { createProcessEnv, type ProcessEnv } from '../process/process-env.ts';
import { policyFailed, policyUnavailable } from './policy-failure.ts';
import type { PolicyEngine, PolicyEngineSettings } from './port.ts';
import { createWasmEngine } from './shipped-policy.ts';

const requestTimeoutMs = 30_000;

/**
 * The rules on an OPA server, through its data API.
 * @see https://www.openpolicyagent.org/docs/rest-api#get-a-document-with-input
 */
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
      // Retryable for every error status: OPA's own errors and those of a proxy in front of it look alike.
      if (!response.ok) throw policyUnavailable(name, `HTTP ${response.status}: ${text.slice(0, 300)}`);
      return (JSON.parse(text) as { readonly result?: unknown }).result;
    },
  };
};

const commandTimeoutMs = 45_000;
const maxOutputBytes = 50_000_000;

interface EvalOutput {
  readonly result?: readonly { readonly expressions: readonly { readonly value?: unknown }[] }[];
}

/**
 * The rules in a folder, through `opa eval`: an edit takes effect at once. The plan goes through stdin, because
 * other processes can read arguments.
 * @see https://www.openpolicyagent.org/docs/cli#eval
 */
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
        maxBuffer: maxOutputBytes,
      });
      if (failed)
        throw policyFailed(
          name,
          stdout.slice(0, 500) || stderr.slice(0, 500) || (shortMessage ?? 'no error message'),
        );
      return (JSON.parse(stdout) as EvalOutput).result?.[0]?.expressions[0]?.value;
    },
  };
};

/** The engine for the settings. Rejects when the shipped rules are not those that `policy.wasm` was compiled from. */
export const createPolicyEngine = async (
  settings: PolicyEngineSettings,
  env: ProcessEnv,
): Promise<PolicyEngine> => {
  switch (settings.kind) {
    case 'shipped':
      return createWasmEngine();
    case 'server':
      return createServerEngine(settings.url);
    case 'binary':
      return createBinaryEngine(settings.program, settings.directory, env);
    default:
      return settings satisfies never;
  }
};
