import { z } from 'zod';
import { connectClient } from '../runtime/connect-client.ts';
import { type Env, readEnv } from '../runtime/env.ts';
import type { StartedSettings } from '../runtime/start-record.ts';
import { checkTemporalSettings, temporalEnvShape } from '../runtime/temporal-settings.ts';
import { createBotClient } from './bot-client.ts';
import { parseCliArgs, resolveIdentity } from './cli-args.ts';
import { CliError } from './cli-error.ts';
import { testConnection } from './connection-test.ts';
import { cliEnv } from './env.ts';
import { getNextStep, isSuccess } from './next-step.ts';
import { renderAudit, renderCard } from './render-card.ts';
import { findRunningInstance, resolveTemporalSettings, withInstanceEnv } from './running-instance.ts';

/** What can be typed. */
const usage = `Usage: npm run cli -- <words> [--as <e-mail>]

The words of the chat, answered by the running bot:
  deploy <service> [environment] [--ref <branch or commit>]
  status [<id> | <service>]
  approve <id> [reason], deny <id> <reason>, cancel <id> [reason], retry <id>
  help                  every word, and what you may deploy

About the installation:
  audit <id>            who did what in a run, in order
  connection-test       connects to Temporal and lists its namespaces
  doctor                looks at everything and says what to do

Without --as you are whoever git says: git config user.email.`;

/** What to print, and how the process ends. */
export interface Outcome {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

const success = (text: string): Outcome => ({ text, exitCode: 0 });

const connectionTest = async (env: Env, chosen: StartedSettings | null): Promise<Outcome> => {
  readEnv(z.object(temporalEnvShape), env, [checkTemporalSettings]);
  const settings = resolveTemporalSettings(env, chosen);
  const client = connectClient(settings);
  try {
    return success((await testConnection(client, settings)).join('\n'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `Temporal does not answer at ${settings.address} (from ${settings.addressFrom}): ${reason}`,
    );
  } finally {
    await client.connection.close();
  }
};

/** Does what was typed after `npm run cli --`. */
export const runCli = async (argv: readonly string[], env: Env): Promise<Outcome> => {
  const { as, words } = parseCliArgs(argv);
  const [word, ...rest] = words;
  if (word === undefined || word === '--help') return success(usage);

  const chosen = findRunningInstance();
  const { HOST: host, PORT: port } = readEnv(cliEnv, withInstanceEnv(env, chosen));
  const bot = createBotClient({ host, port });
  switch (word.toLowerCase()) {
    case 'doctor': {
      // It loads bot and worker to read their settings; no other word should wait for that.
      const { diagnose } = await import('./doctor/diagnose.ts');
      const { lines, healthy } = await diagnose({ env, chosen }, bot);
      return { text: lines.join('\n'), exitCode: healthy ? 0 : 1 };
    }
    case 'connection-test':
      return connectionTest(env, chosen);
    case 'audit': {
      const [id, ...more] = rest;
      if (!id || more.length > 0) throw new CliError('Usage: npm run cli -- audit <id>');
      const entries = await bot.audit(id);
      if (entries.length === 0) throw new CliError(`nothing is recorded of a run ${id}`);
      return success(renderAudit(entries));
    }
    default: {
      const reply = await bot.sendCommand(words.join(' '), await resolveIdentity(as));
      const next = getNextStep(word, reply);
      const text = [renderCard(reply.card), ...(next === null ? [] : [next])].join('\n\n');
      return { text, exitCode: isSuccess(reply) ? 0 : 1 };
    }
  }
};
