import { z } from 'zod';
import { text, url } from '../../runtime/env-fields.ts';
import { getCloud } from './auth/clouds.ts';
import { appTypes } from './config-checks.ts';

export { checkTeamsEnv } from './config-checks.ts';

const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const host = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/;

const list = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');

/** As an address has it: without the port that https has anyway. */
const plainHost = (value: string): string => URL.parse(`https://${value}`)?.host ?? value;

const listOf = (shape: RegExp, rule: string) =>
  z
    .string()
    .transform(list)
    .refine((parts) => parts.length > 0 && parts.every((part) => shape.test(part)), rule);

const guidRule = (what: string) =>
  `must be ${what}: 32 digits and letters from a to f, in groups of 8-4-4-4-12`;

export const teamsEnv = {
  MicrosoftAppId: text().regex(guid, guidRule('the Application (client) ID')).optional(),
  MicrosoftAppPassword: text().optional(),
  MicrosoftAppTenantId: text().regex(guid, guidRule('the Directory (tenant) ID')).optional(),
  MicrosoftAppType: z
    .enum(appTypes, { error: 'must be SingleTenant, MultiTenant or UserAssignedMSI, written so' })
    .default('SingleTenant'),
  TEAMS_OPENID_METADATA_URL: url(['https']).optional(),
  TEAMS_LOGIN_AUTHORITY: url(['https'])
    .refine(
      (value) => /^\/[^/]+\/?$/.test(URL.parse(value)?.pathname ?? '/tenant'),
      'must end with the tenant, as in https://login.microsoftonline.com/<tenant>',
    )
    .optional(),
  TEAMS_ALLOWED_SERVICE_HOSTS: text()
    .pipe(listOf(host, 'must be host names with commas between them, such as smba.trafficmanager.net'))
    .optional(),
  TEAMS_ALLOWED_TENANTS: text()
    .pipe(listOf(guid, guidRule('tenant IDs with commas between them, each')))
    .optional(),
};

export type TeamsEnv = z.output<z.ZodObject<typeof teamsEnv>>;

export interface TeamsConfig {
  readonly appId: string;
  readonly type: (typeof appTypes)[number];
  /** null only for a managed identity. */
  readonly password: string | null;
  readonly tenantId: string | null;
  /** A whole https address with the tenant in it. */
  readonly loginAuthority: string;
  readonly openIdMetadataUrl: string;
  /** Compared exactly, port included. */
  readonly serviceHosts: readonly string[];
  /** In lower case. */
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
    serviceHosts: (env.TEAMS_ALLOWED_SERVICE_HOSTS ?? cloud.serviceHosts).map(plainHost),
    tenants: env.TEAMS_ALLOWED_TENANTS ?? (tenantId === null ? [] : [tenantId]),
  };
};
