import { z } from 'zod';
import { countSigningKeys, requestToken } from '../../bot/teams/auth/check-credentials.ts';
import { checkTeamsEnv, readTeamsConfig, type TeamsConfig, teamsEnv } from '../../bot/teams/config.ts';
import { type Env, readEnv } from '../../runtime/env.ts';
import { EnvError } from '../../runtime/env-error.ts';
import { type Check, type Finding, fail, ok, toReason, warn } from './finding.ts';

const answerWithinMs = 10_000;

const network = 'Check the network, a proxy, or';

/** Microsoft's login says by number what it does not accept. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /AADSTS7000215/,
    'Under “Certificates & secrets” copy the secret’s Value, not its ID, to MicrosoftAppPassword.',
  ],
  [/AADSTS7000222/, 'The secret expired: make a new one under “Certificates & secrets”.'],
  [/AADSTS700016/, 'Check MicrosoftAppId, and that MicrosoftAppTenantId is the tenant it is registered in.'],
  [/AADSTS9000[12]/, 'Check MicrosoftAppTenantId.'],
  [/AADSTS/, 'Check MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId.'],
];

const checkToken = async (config: TeamsConfig, timeoutMs: number): Promise<Finding> => {
  try {
    await requestToken(config, timeoutMs);
    return ok('Teams token', 'the login gives one');
  } catch (error) {
    const reason = toReason(error);
    if (config.type === 'UserAssignedMSI') {
      const todo = 'A managed identity works only on the machine that it is given to: ask there.';
      return warn('Teams token', `none for the managed identity: ${reason}`, todo);
    }
    const remedy = remedies.find(([number]) => number.test(reason));
    return remedy === undefined
      ? warn('Teams token', `no answer: ${reason}`, `${network} TEAMS_LOGIN_AUTHORITY.`)
      : fail('Teams token', `refused: ${reason}`, remedy[1]);
  }
};

const checkKeys = async (config: TeamsConfig, timeoutMs: number): Promise<Finding> => {
  const todo = `${network} TEAMS_OPENID_METADATA_URL: without the keys nobody is heard.`;
  try {
    const count = await countSigningKeys(config, timeoutMs);
    return count > 0
      ? ok('Teams keys', `${count} keys sign for Teams`)
      : fail('Teams keys', 'none of them signs for Teams', 'Check TEAMS_OPENID_METADATA_URL.');
  } catch (error) {
    return warn('Teams keys', toReason(error), todo);
  }
};

/** What is wrong with the settings is told by `checkSettings`. */
const readConfig = (env: Env): TeamsConfig | null | 'wrong' => {
  try {
    return readTeamsConfig(readEnv(z.object(teamsEnv), env, [checkTeamsEnv]));
  } catch (error) {
    if (error instanceof EnvError) return 'wrong';
    throw error;
  }
};

/** Whether the bot can speak with Teams, and hear it. */
export const checkTeams =
  (env: Env, timeoutMs = answerWithinMs): Check =>
  async () => {
    const config = readConfig(env);
    if (config === 'wrong') return [];
    if (config === null)
      return [
        warn('Teams', 'not connected', 'Set MicrosoftAppId and its secret; the console works without.'),
      ];
    const { appId, type, tenants } = config;
    return [
      ok(
        'Teams',
        `${type} app ${appId}, hears ${tenants.length === 1 ? '1 tenant' : `${tenants.length} tenants`}`,
      ),
      ...(await Promise.all([checkToken(config, timeoutMs), checkKeys(config, timeoutMs)])),
    ];
  };
