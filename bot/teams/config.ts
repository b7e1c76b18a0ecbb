import { z } from 'zod';
import { definedVariables, type EnvironmentCheck } from '../../runtime/env.ts';
import { text, url } from '../../runtime/env-fields.ts';
import { findMisspelledVariables } from '../../runtime/suggest-variable.ts';
import { getCloud } from './auth/clouds.ts';

/** The types of an Azure Bot: https://learn.microsoft.com/azure/bot-service/bot-service-quickstart-registration */
const appTypes = ['SingleTenant', 'MultiTenant', 'UserAssignedMSI'] as const;

const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const host = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/;

const list = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');

/** The host of an https URL: the default port is left out. */
const normalizeHost = (value: string): string => URL.parse(`https://${value}`)?.host ?? value;

const listOf = (shape: RegExp, rule: string) =>
  z
    .string()
    .transform(list)
    .refine((parts) => parts.length > 0 && parts.every((part) => shape.test(part)), rule);

const guidRule = (what: string) => `must be ${what}: 32 hexadecimal digits in groups of 8-4-4-4-12`;

export const teamsEnv = {
  MicrosoftAppId: text().regex(guid, guidRule('the Application (client) ID')).optional(),
  MicrosoftAppPassword: text().optional(),
  MicrosoftAppTenantId: text().regex(guid, guidRule('the Directory (tenant) ID')).optional(),
  MicrosoftAppType: z
    .enum(appTypes, { error: 'must be SingleTenant, MultiTenant or UserAssignedMSI, in this spelling' })
    .default('SingleTenant'),
  TEAMS_OPENID_METADATA_URL: url(['https']).optional(),
  TEAMS_LOGIN_AUTHORITY: url(['https'])
    .refine(
      (value) => /^\/[^/]+\/?$/.test(URL.parse(value)?.pathname ?? '/tenant'),
      'must end with the tenant, as in https://login.microsoftonline.com/<tenant>',
    )
    .optional(),
  TEAMS_ALLOWED_SERVICE_HOSTS: text()
    .pipe(listOf(host, 'must be host names separated by commas, such as smba.trafficmanager.net'))
    .optional(),
  TEAMS_ALLOWED_TENANTS: text()
    .pipe(listOf(guid, guidRule('tenant IDs separated by commas')))
    .optional(),
};

export type TeamsEnv = z.output<z.ZodObject<typeof teamsEnv>>;

export interface TeamsConfig {
  readonly appId: string;
  readonly type: (typeof appTypes)[number];
  /** null only for a managed identity. */
  readonly password: string | null;
  readonly tenantId: string | null;
  /** An https URL that includes the tenant. */
  readonly loginAuthority: string;
  readonly openIdMetadataUrl: string;
  /** Compared exactly, port included. */
  readonly serviceHosts: readonly string[];
  /** In lowercase. */
  readonly tenants: readonly string[];
}

/** null when Teams is not configured. */
export const readTeamsConfig = (env: TeamsEnv): TeamsConfig | null => {
  const { MicrosoftAppId: appId, MicrosoftAppType: type } = env;
  if (appId === undefined) return null;
  const cloud = getCloud(env.TEAMS_OPENID_METADATA_URL);
  const tenantId = env.MicrosoftAppTenantId?.toLowerCase() ?? null;
  const home = type === 'MultiTenant' ? cloud.botTenant : (tenantId ?? cloud.botTenant);
  return {
    appId: appId.toLowerCase(),
    type,
    password: type === 'UserAssignedMSI' ? null : (env.MicrosoftAppPassword ?? null),
    tenantId,
    loginAuthority: (env.TEAMS_LOGIN_AUTHORITY ?? `${cloud.login}/${home}`).replace(/\/+$/, ''),
    openIdMetadataUrl: env.TEAMS_OPENID_METADATA_URL ?? cloud.metadataUrl,
    serviceHosts: (env.TEAMS_ALLOWED_SERVICE_HOSTS ?? cloud.serviceHosts).map(normalizeHost),
    tenants: env.TEAMS_ALLOWED_TENANTS ?? (tenantId === null ? [] : [tenantId]),
  };
};

const appNames = ['MicrosoftAppId', 'MicrosoftAppPassword', 'MicrosoftAppTenantId', 'MicrosoftAppType'];
const teamsNames = [
  'TEAMS_OPENID_METADATA_URL',
  'TEAMS_LOGIN_AUTHORITY',
  'TEAMS_ALLOWED_SERVICE_HOSTS',
  'TEAMS_ALLOWED_TENANTS',
];
const known = [...appNames, ...teamsNames];

/** Names that are meant for this bot. `readEnv` itself suggests a name for one with a typo. */
const teamsPrefix = /^(Microsoft[_-]?App|TEAMS_(ALLOWED|OPENID|LOGIN)_(?!WEBHOOK))/i;

const unknownNames: EnvironmentCheck = (env) =>
  Object.keys(env)
    .filter((name) => teamsPrefix.test(name) && !known.includes(name))
    .filter((name) =>
      findMisspelledVariables(definedVariables(env), known).every(
        (problem) => !problem.startsWith(`${name} `),
      ),
    )
    .map((name) => `${name} is not a known variable; for Teams, set ${known.join(', ')}`);

const missing = (name: string, reason: string): string => `${name} is not set: ${reason}`;

/** The variables that the type of the app requires. `teamsEnv` itself rejects an unknown type. */
const requiredByType: EnvironmentCheck = (env) => {
  const type = env.MicrosoftAppType ?? 'SingleTenant';
  if (!appTypes.some((known) => known === type)) return [];
  const problems: string[] = [];
  if (!env.MicrosoftAppPassword && type !== 'UserAssignedMSI')
    problems.push(missing('MicrosoftAppPassword', `a ${type} app needs its client secret`));
  if (!env.MicrosoftAppTenantId && type === 'SingleTenant')
    problems.push(
      missing('MicrosoftAppTenantId', 'a SingleTenant app (the default MicrosoftAppType) needs its tenant'),
    );
  if (!env.MicrosoftAppTenantId && !env.TEAMS_ALLOWED_TENANTS && type !== 'SingleTenant')
    problems.push(
      missing(
        'TEAMS_ALLOWED_TENANTS',
        `a ${type} app without MicrosoftAppTenantId must name the tenants that may use it`,
      ),
    );
  return problems;
};

/** Rejects half a configuration at start: a bot that receives nothing looks healthy. */
export const checkTeamsEnv: EnvironmentCheck = (env) => {
  const set = known.filter((name) => env[name] && name !== 'MicrosoftAppId');
  if (env.MicrosoftAppId) return [...unknownNames(env), ...requiredByType(env)];
  return [
    ...unknownNames(env),
    ...set.map((name) => `${name} is set without MicrosoftAppId; set MicrosoftAppId too, or unset ${name}`),
  ];
};
