import { z } from 'zod';
import { countSigningKeys, requestToken } from '../../bot/teams/auth/check-credentials.ts';
import { checkTeamsEnv, readTeamsConfig, type TeamsConfig, teamsEnv } from '../../bot/teams/config.ts';
import { pluralize } from '../../bot/text/plain-text.ts';
import { type Env, readEnv } from '../../runtime/env.ts';
import { EnvError } from '../../runtime/env-error.ts';
import { type Check, type Finding, fail, ok, toReason, warn } from './finding.ts';

const defaultTimeoutMs = 10_000;

const network = 'Check the network, a proxy, or';

/** Fixes by error code. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const fixes: readonly (readonly [RegExp, string])[] = [
  [
    /AADSTS7000215/,
    'Under “Certificates & secrets” copy the secret’s Value, not its ID, to MicrosoftAppPassword.',
  ],
  [/AADSTS7000222/, 'The secret has expired. Create a new one under “Certificates & secrets”.'],
  [/AADSTS700016/, 'Check MicrosoftAppId. MicrosoftAppTenantId must be the tenant of the app registration.'],
  [/AADSTS9000[12]/, 'Check MicrosoftAppTenantId.'],
  [/AADSTS/, 'Check MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId.'],
];

const checkToken = async (config: TeamsConfig, timeoutMs: number): Promise<Finding> => {
  try {
    await requestToken(config, timeoutMs);
    return ok('Teams token', 'received');
  } catch (error) {
    const reason = toReason(error);
    if (config.type === 'UserAssignedMSI') {
      const fix = 'A managed identity works only on the Azure resource it is assigned to. Run doctor there.';
      return warn('Teams token', `managed identity unavailable: ${reason}`, fix);
    }
    const known = fixes.find(([code]) => code.test(reason));
    return known === undefined
      ? warn('Teams token', `no response: ${reason}`, `${network} TEAMS_LOGIN_AUTHORITY.`)
      : fail('Teams token', `rejected: ${reason}`, known[1]);
  }
};

const checkKeys = async (config: TeamsConfig, timeoutMs: number): Promise<Finding> => {
  const fix = `${network} TEAMS_OPENID_METADATA_URL. Without the keys, the bot can’t verify Teams requests.`;
  try {
    const count = await countSigningKeys(config, timeoutMs);
    return count > 0
      ? ok('Teams keys', `${pluralize(count, 'signing key')} found`)
      : fail('Teams keys', 'no key is valid for Teams', 'Check TEAMS_OPENID_METADATA_URL.');
  } catch (error) {
    return warn('Teams keys', toReason(error), fix);
  }
};

/** `checkSettings` reports invalid settings. */
const readConfig = (env: Env): TeamsConfig | null | 'invalid' => {
  try {
    return readTeamsConfig(readEnv(z.object(teamsEnv), env, [checkTeamsEnv]));
  } catch (error) {
    if (error instanceof EnvError) return 'invalid';
    throw error;
  }
};

/** Whether the bot can send to Teams and verify its requests. */
export const checkTeams =
  (env: Env, timeoutMs = defaultTimeoutMs): Check =>
  async () => {
    const config = readConfig(env);
    if (config === 'invalid') return [];
    if (config === null)
      return [
        warn(
          'Teams',
          'not connected',
          'Set MicrosoftAppId and MicrosoftAppPassword. The console works without Teams.',
        ),
      ];
    const { appId, type, tenants } = config;
    return [
      ok('Teams', `${type} app ${appId}, accepts ${pluralize(tenants.length, 'tenant')}`),
      ...(await Promise.all([checkToken(config, timeoutMs), checkKeys(config, timeoutMs)])),
    ];
  };
