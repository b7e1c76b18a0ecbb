import { botScopes } from '../../bot/slack/manifest.ts';
import { connectClient } from '../../runtime/connect-client.ts';
import type { Env } from '../../runtime/env.ts';
import { EnvError } from '../../runtime/env-error.ts';
import type { StartedSettings } from '../../runtime/start-record.ts';
import type { BotClient } from '../bot-client.ts';
import { resolveTemporalSettings, withInstanceEnv } from '../running-instance.ts';
import { checkCatalog, checkNode, checkSettings } from './check-settings.ts';
import { checkSlack, checkSlackReceiver } from './check-slack.ts';
import { checkArtifacts, checkDatabase } from './check-storage.ts';
import { checkTeams } from './check-teams.ts';
import { checkTemporalServer } from './check-temporal.ts';
import { checkTools } from './check-tools.ts';
import { type Check, ok, type Report, runChecks, toReason, warn } from './finding.ts';

/** The installation to check. */
export interface Installation {
  readonly env: Env;
  /** The settings of the `npm start` that runs in this directory; null when none runs. */
  readonly instance: StartedSettings | null;
}

type Readiness = Pick<BotClient, 'getUnreadyReason'>;

export const checkBot =
  (bot: Readiness): Check =>
  async () => {
    try {
      const reason = await bot.getUnreadyReason();
      return [reason === null ? ok('bot', 'ready') : warn('bot', `not ready: ${reason}`, 'Check its log.')];
    } catch (error) {
      return [
        warn('bot', toReason(error), 'Run npm start for everything, or npm run bot for the bot alone.'),
      ];
    }
  };

const checkTemporal =
  ({ env, instance }: Installation): Check =>
  async () => {
    try {
      const settings = resolveTemporalSettings(env, instance);
      const client = connectClient(settings);
      const findings = await checkTemporalServer(client, settings)();
      await client.connection.close();
      return findings;
    } catch (error) {
      // `checkSettings` reports invalid settings.
      if (error instanceof EnvError) return [];
      throw error;
    }
  };

/** Checks everything that a deployment needs, in the order of the setup. */
export const diagnose = (installation: Installation, bot: Readiness): Promise<Report> => {
  const { env, instance } = installation;
  const settings = withInstanceEnv(env, instance);
  const slack = {
    token: settings.SLACK_BOT_TOKEN ?? null,
    apiUrl: settings.SLACK_API_URL ?? null,
    appToken: settings.SLACK_APP_TOKEN ?? null,
    signingSecret: settings.SLACK_SIGNING_SECRET ?? null,
    scopes: Object.keys(botScopes),
  };
  return runChecks([
    checkNode(process.version),
    checkSettings(env),
    checkTemporal(installation),
    checkCatalog(settings.QUARTERDECK_CATALOG ?? 'quarterdeck.yaml'),
    checkTools(settings.TERRAFORM_BIN ?? null, env),
    checkDatabase(settings.DATABASE_URL ?? null),
    checkArtifacts(settings.ARTIFACTS_URL ?? 'file:.quarterdeck/artifacts', env),
    checkSlack(slack),
    checkSlackReceiver(slack),
    checkTeams(settings),
    checkBot(bot),
  ]);
};
