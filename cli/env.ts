import { z } from 'zod';
import { port, text } from '../runtime/env-fields.ts';

/** Where the running bot is. What else the installation reads concerns `doctor` alone. */
export const cliEnv = z.object({
  PORT: port().default(3000),
  HOST: text().default('127.0.0.1'),
});
