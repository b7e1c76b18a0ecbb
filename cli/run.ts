import { z } from 'zod';
import type { Reply } from '../bot/platform/platform.ts';
import { shortId } from '../bot/text/run-name.ts';
import { type Env, readEnv } from '../runtime/env.ts';
import { port, text } from '../runtime/env-fields.ts';
import { createBotClient } from './bot-client.ts';
import { parseCliArgs, resolveIdentity } from './cli-args.ts';
import { CliError } from './cli-error.ts';
import { testConnection } from './connection-test.ts';
import { renderAudit, renderCard } from './render-card.ts';
import { findRunningInstance, withInstanceEnv } from './running-instance.ts';
import { createUsage } from './usage.ts';

/** Where the bot listens. Only `doctor` reads the other variables. */
const cliEnv = z.object({
  PORT: port().default(3000),
  HOST: text().default('127.0.0.1'),
});

/** What to print, and the exit code of the process. */
export interface Outcome {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

const success = (text: string): Outcome => ({ text, exitCode: 0 });

const normalizeCommand = (word: string): string => word.toLowerCase().replace(/^\/+/, '');

/** How to follow a run that goes on: a terminal shows no card. */
const getNextStep = (word: string, { outcome, workflowId }: Pick<Reply, 'outcome' | 'workflowId'>) => {
  const isResumed = normalizeCommand(word) === 'retry' && (outcome === 'accepted' || outcome === 'pending');
  if (workflowId === undefined || (outcome !== 'started' && !isResumed)) return [];
  return [`To follow the run: npm run cli -- status ${shortId(workflowId)}`];
};

const toOutcome = (word: string, reply: Pick<Reply, 'card' | 'outcome' | 'workflowId'>): Outcome => ({
  text: [renderCard(reply.card), ...getNextStep(word, reply)].join('\n\n'),
  // A script can rely on 0 only when the command took effect.
  exitCode: reply.outcome === 'refused' || reply.outcome === 'unconfirmed' ? 1 : 0,
});

/** Runs the command after `npm run cli --`. @throws CliError when the command can't be run. */
export const runCli = async (argv: readonly string[], env: Env): Promise<Outcome> => {
  const { as, words } = parseCliArgs(argv);
  const [word, ...rest] = words;
  if (word === undefined || word === '--help') {
    // Loaded on demand: the commands bring the whole bot with them.
    const { commandSpecs } = await import('../bot/commands/index.ts');
    return success(createUsage(commandSpecs));
  }

  const instance = findRunningInstance();
  const { HOST: host, PORT: port } = readEnv(cliEnv, withInstanceEnv(env, instance));
  const bot = createBotClient({ host, port });
  switch (word.toLowerCase()) {
    case 'doctor': {
      // Loaded on demand: it brings the bot and the worker with it, to read their settings.
      const { diagnose } = await import('./doctor/diagnose.ts');
      const { lines, healthy } = await diagnose({ env, instance }, bot);
      return { text: lines.join('\n'), exitCode: healthy ? 0 : 1 };
    }
    case 'connection-test':
      return success(await testConnection(env, instance));
    case 'audit': {
      const [id, ...more] = rest;
      if (!id || more.length > 0) throw new CliError('Usage: npm run cli -- audit <id>');
      const entries = await bot.audit(id);
      if (entries.length === 0) throw new CliError(`No audit entries for run ${id}.`);
      return success(renderAudit(entries));
    }
    default:
      return toOutcome(word, await bot.sendCommand(words.join(' '), await resolveIdentity(as)));
  }
};
