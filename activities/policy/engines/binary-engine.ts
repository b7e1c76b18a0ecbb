import { execa } from 'execa';
import { commandEnvironment, type Env } from '../../process/environment.ts';
import { policyBroken } from '../policy-failure.ts';
import type { PolicyEngine } from '../port.ts';

const answerWithinMs = 45_000;
const largestAnswer = 50_000_000;

interface Evaluation {
  readonly result?: readonly { readonly expressions: readonly { readonly value?: unknown }[] }[];
}

/** Rules in a folder, by `opa eval`: an edit counts at once. The plan goes through stdin, never an argument. */
export const createBinaryEngine = (program: string, directory: string, env: Env): PolicyEngine => {
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
        env: commandEnvironment(env, 'build'),
        extendEnv: false,
        reject: false,
        timeout: answerWithinMs,
        maxBuffer: largestAnswer,
      });
      if (failed)
        throw policyBroken(
          name,
          stdout.slice(0, 500) || stderr.slice(0, 500) || (shortMessage ?? 'it failed'),
        );
      return (JSON.parse(stdout) as Evaluation).result?.[0]?.expressions[0]?.value;
    },
  };
};
