import '../runtime/assert-node.ts';
import { config } from 'dotenv';
import { EnvError } from '../runtime/env-error.ts';
import { CliError } from './cli-error.ts';
import { runCli } from './run.ts';

config({ quiet: true });
try {
  const { text, exitCode } = await runCli(process.argv.slice(2), process.env);
  console.log(text);
  process.exit(exitCode);
} catch (error) {
  const expected = error instanceof CliError || error instanceof EnvError;
  console.error(expected ? error.message : error);
  process.exit(1);
}
