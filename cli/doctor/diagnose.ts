import { botScopes } from '../../bot/slack/manifest.ts';
import { connectClient } from '../../runtime/connect-client.ts';
import type { Env } from '../../runtime/env.ts';
import { EnvError } from '../../runtime/env-error.ts';
import type { StartedSettings } from '../../runtime/start-record.ts';
import type { BotClient } from '../bot-client.ts';
import { resolveTemporalSettings, withInstanceEnv } from '../running-instance.ts';
import { checkCatalog, checkNode, checkSettings } from './check-settings.ts';
import { checkSlack } from './check-slack.ts';
import { checkSlackReceiver } from './check-slack-receiver.ts';
import { checkArtifacts, checkDatabase } from './check-storage.ts';
import { checkTeams } from './check-teams.ts';
import { checkTemporalServer } from './check-temporal.ts';
import { checkTools } from './check-tools.ts';
import { type Check, ok, runChecks, toReason, warn } from './finding.ts';

/** The bot, as whoever watches it sees it. */
export const checkBot =
  (bot: Pick<BotClient, 'unready'>): Check =>
  async () => {
    try {
      const reason = await bot.unready();
      return [reason === null ? ok('bot', 'ready') : warn('bot', `not ready: ${reason}`, 'Look at its log.')];
    } catch (error) {
      return [warn('bot', toReason(error), 'npm start runs everything; npm run bot runs the bot alone.')];
    }
  };

/** What is looked at. */
export interface Installation {
  readonly env: Env;
  /** By the `npm start` that runs here. */
  readonly chosen: StartedSettings | null;
}

/** What is wrong with the settings is told by `checkSettings`; here they only tell where to look. */
const checkServer =
  ({ env, chosen }: Installation): Check =>
  async () => {
    try {
      const settings = resolveTemporalSettings(env, chosen);
      const client = connectClient(settings);
      const findings = await checkTemporalServer(client, settings)();
      await client.connection.close();
      return findings;
    } catch (error) {
      if (error instanceof EnvError) return [];
      throw error;
    }
  };

/** Looks at everything that a deployment needs, in the order in which it is set up. */
export const diagnose = (installation: Installation, bot: Pick<BotClient, 'unready'>) => {
  const { env, chosen } = installation;
  const given = withInstanceEnv(env, chosen);
  return runChecks([
    checkNode(process.version),
    checkSettings(env),
    checkServer(installation),
    checkCatalog(given.QUARTERDECK_CATALOG ?? 'quarterdeck.yaml'),
    checkTools(given.TERRAFORM_BIN ?? null, env),
    checkDatabase(given.DATABASE_URL ?? null),
    checkArtifacts(given.ARTIFACTS_URL ?? 'file:.quarterdeck/artifacts', env),
    checkSlack({
      token: given.SLACK_BOT_TOKEN ?? null,
      apiUrl: given.SLACK_API_URL ?? null,
      scopes: Object.keys(botScopes),
    }),
    checkSlackReceiver({
      token: given.SLACK_BOT_TOKEN ?? null,
      appToken: given.SLACK_APP_TOKEN ?? null,
      signingSecret: given.SLACK_SIGNING_SECRET ?? null,
      apiUrl: given.SLACK_API_URL ?? null,
    }),
    checkTeams(given),
    checkBot(bot),
  ]);
};
