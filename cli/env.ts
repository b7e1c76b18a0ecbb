import { z } from 'zod';
import { logLevel, port, text } from '../runtime/env-fields.ts';
import { temporalShape } from '../runtime/temporal.ts';

/** What the command line reads: where the bot is, and for `doctor` everything that both processes use. */
export const cliEnv = z.object({
  ...temporalShape,
  PORT: port().default(3000),
  HOST: text().default('127.0.0.1'),
  LOG_LEVEL: logLevel().default('info'),
  QUARTERDECK_CATALOG: text().default('quarterdeck.yaml'),
  ARTIFACTS_URL: text().default('file:.quarterdeck/artifacts'),
  TERRAFORM_BIN: text().optional(),
  DATABASE_URL: text().optional(),
  SLACK_BOT_TOKEN: text().optional(),
  SLACK_API_URL: text().optional(),
});

export type CliEnv = z.output<typeof cliEnv>;
