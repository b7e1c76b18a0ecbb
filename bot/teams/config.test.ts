import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEnv } from '../../runtime/env.ts';
import { EnvError } from '../../runtime/env-error.ts';
import { checkTeamsEnv, readTeamsConfig, teamsEnv } from './config.ts';

const read = (env: Record<string, string>) =>
  readTeamsConfig(readEnv(z.object(teamsEnv), env, [checkTeamsEnv]));

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    read(env);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
};

const app = 'aaaaaaaa-0000-4000-8000-00000000000a';
const tenant = 'bbbbbbbb-0000-4000-8000-00000000000b';
const other = 'cccccccc-0000-4000-8000-00000000000c';
const whole = { MicrosoftAppId: app, MicrosoftAppPassword: 'hunter2', MicrosoftAppTenantId: tenant };

test('Without variables Teams is not configured', () => {
  expect(read({})).toBeNull();
});

test('An ID, a secret and a tenant configure one tenant in the public cloud', () => {
  expect(read(whole)).toEqual({
    appId: app,
    type: 'SingleTenant',
    password: 'hunter2',
    tenantId: tenant,
    loginAuthority: `https://login.microsoftonline.com/${tenant}`,
    openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    serviceHosts: ['smba.trafficmanager.net', 'smba.infra.gcc.teams.microsoft.com'],
    tenants: [tenant],
  });
});

test('A MultiTenant app accepts the named tenants and uses the shared login', () => {
  const { MicrosoftAppTenantId: _, ...rest } = whole;
  const several = {
    ...rest,
    MicrosoftAppType: 'MultiTenant',
    TEAMS_ALLOWED_TENANTS: ` ${tenant.toUpperCase()}, ${other},`,
  };
  expect(read(several)).toMatchObject({
    tenantId: null,
    tenants: [tenant, other],
    loginAuthority: 'https://login.microsoftonline.com/botframework.com',
  });
  expect(read({ ...whole, MicrosoftAppType: 'MultiTenant' })).toMatchObject({ tenants: [tenant] });
});

test('A managed identity has no secret', () => {
  const managed = { MicrosoftAppId: app, MicrosoftAppTenantId: tenant, MicrosoftAppType: 'UserAssignedMSI' };
  expect(read(managed)).toMatchObject({ type: 'UserAssignedMSI', password: null, tenants: [tenant] });
});

test('IDs in capitals are converted to lowercase', () => {
  const capitals = {
    ...whole,
    MicrosoftAppId: app.toUpperCase(),
    MicrosoftAppTenantId: tenant.toUpperCase(),
  };
  expect(read(capitals)).toEqual(read(whole));
});

test('The login, the keys and the hosts can be replaced, with ports', () => {
  const named = {
    ...whole,
    TEAMS_LOGIN_AUTHORITY: `https://localhost:8443/${tenant}/`,
    TEAMS_OPENID_METADATA_URL: 'https://localhost:8443/keys',
    TEAMS_ALLOWED_SERVICE_HOSTS: 'LocalHost:8443, teams.example.com:443',
    TEAMS_ALLOWED_TENANTS: other,
  };
  expect(read(named)).toMatchObject({
    loginAuthority: `https://localhost:8443/${tenant}`,
    openIdMetadataUrl: 'https://localhost:8443/keys',
    serviceHosts: ['localhost:8443', 'teams.example.com'],
    tenants: [other],
  });
});

test.each([
  [
    'azure.us',
    'login.microsoftonline.us',
    ['smba.infra.gov.teams.microsoft.us', 'smba.infra.dod.teams.microsoft.us'],
  ],
  ['azure.cn', 'login.partner.microsoftonline.cn', ['frontend.botapi.msg.infra.teams.microsoftonline.cn']],
])('The metadata of the cloud %s selects its login and its hosts', (cloud, login, serviceHosts) => {
  const metadata = `https://login.botframework.${cloud}/v1/.well-known/openidconfiguration`;
  expect(read({ ...whole, TEAMS_OPENID_METADATA_URL: metadata })).toMatchObject({
    loginAuthority: `https://${login}/${tenant}`,
    serviceHosts,
  });
});

describe('a rejected configuration', () => {
  test.each([
    ['MicrosoftAppPassword', /^MicrosoftAppPassword is not set/],
    ['MicrosoftAppTenantId', /^MicrosoftAppTenantId is not set/],
  ] as const)('An app without %s is rejected', (name, why) => {
    expect(problemsOf({ ...whole, [name]: '' })).toEqual([expect.stringMatching(why)]);
  });

  test('An app ID alone is rejected with one line for each missing variable', () => {
    expect(problemsOf({ MicrosoftAppId: app })).toEqual([
      expect.stringMatching(/^MicrosoftAppPassword is not set/),
      expect.stringMatching(/^MicrosoftAppTenantId is not set/),
    ]);
  });

  test.each(['MultiTenant', 'UserAssignedMSI'])(
    'A %s app that would accept every tenant is rejected',
    (type) => {
      const env = { MicrosoftAppId: app, MicrosoftAppPassword: 'x', MicrosoftAppType: type };
      expect(problemsOf(env)).toEqual([expect.stringMatching(/^TEAMS_ALLOWED_TENANTS is not set.*tenants/)]);
    },
  );

  test.each([
    'MicrosoftAppPassword',
    'MicrosoftAppTenantId',
    'MicrosoftAppType',
    'TEAMS_OPENID_METADATA_URL',
    'TEAMS_LOGIN_AUTHORITY',
    'TEAMS_ALLOWED_SERVICE_HOSTS',
    'TEAMS_ALLOWED_TENANTS',
  ])('The variable %s without MicrosoftAppId is rejected', (name) => {
    expect(problemsOf({ [name]: 'x' })).toContain(
      `${name} is set without MicrosoftAppId; set MicrosoftAppId too, or unset ${name}`,
    );
  });

  test.each([
    ['MicrosoftAppId', 'quarterdeck', /^MicrosoftAppId: must be the Application/],
    ['MicrosoftAppId', `{${app}}`, /^MicrosoftAppId: must be/],
    ['MicrosoftAppTenantId', 'example.onmicrosoft.com', /^MicrosoftAppTenantId: must be the Directory/],
    ['MicrosoftAppType', 'singletenant', /^MicrosoftAppType: must be SingleTenant, MultiTenant or User/],
    ['MicrosoftAppType', 'SingelTenant', /^MicrosoftAppType: must be/],
    ['TEAMS_OPENID_METADATA_URL', 'http://login.example.com/x', /^TEAMS_OPENID_METADATA_URL: .*https:/],
    ['TEAMS_LOGIN_AUTHORITY', `http://login.example.com/${tenant}`, /^TEAMS_LOGIN_AUTHORITY: .*https:/],
    ['TEAMS_LOGIN_AUTHORITY', 'https://login.example.com', /^TEAMS_LOGIN_AUTHORITY: .*tenant/],
    ['TEAMS_LOGIN_AUTHORITY', 'https://login.example.com/a/b', /^TEAMS_LOGIN_AUTHORITY: .*tenant/],
    ['TEAMS_LOGIN_AUTHORITY', 'login', /^TEAMS_LOGIN_AUTHORITY: .*https:/],
    ['TEAMS_ALLOWED_SERVICE_HOSTS', 'https://smba.trafficmanager.net/', /^TEAMS_ALLOWED_SERVICE_HOSTS: /],
    ['TEAMS_ALLOWED_SERVICE_HOSTS', '*.trafficmanager.net', /^TEAMS_ALLOWED_SERVICE_HOSTS: must be host/],
    ['TEAMS_ALLOWED_SERVICE_HOSTS', ' , ', /^TEAMS_ALLOWED_SERVICE_HOSTS: must be host/],
    ['TEAMS_ALLOWED_TENANTS', '*', /^TEAMS_ALLOWED_TENANTS: must be tenant/],
    ['TEAMS_ALLOWED_TENANTS', `${tenant} ${other}`, /^TEAMS_ALLOWED_TENANTS: must be tenant/],
  ])('The variable %s with the value %s is rejected', (name, value, why) => {
    expect(problemsOf({ ...whole, [name]: value })).toEqual([expect.stringMatching(why)]);
  });

  test.each([
    ['MICROSOFT_APP_ID', 'MicrosoftAppId'],
    ['Microsoft_AppId', 'MicrosoftAppId'],
    ['microsoftappid', 'MicrosoftAppId'],
    ['MicrosoftAppPasword', 'MicrosoftAppPassword'],
    ['MICROSOFT_APP_TENANT_ID', 'MicrosoftAppTenantId'],
    ['TEAMS_ALLOWED_TENANT', 'TEAMS_ALLOWED_TENANTS'],
  ])('The variable %s is rejected with the suggestion %s', (given, meant) => {
    expect(problemsOf({ [given]: app })).toEqual([
      `${given} is not a known variable; did you mean ${meant}?`,
    ]);
  });

  test.each(['MicrosoftAppSecret', 'MICROSOFT_APP_CLIENT', 'TEAMS_ALLOWED_HOSTS', 'TEAMS_LOGIN_URL'])(
    'The variable %s is rejected with the known names',
    (name) => {
      expect(problemsOf({ ...whole, [name]: 'x' })).toEqual([
        expect.stringMatching(`^${name} is not a known variable; for Teams, set MicrosoftAppId, `),
      ]);
    },
  );

  test('All problems are reported at once, without any value', () => {
    const problems = problemsOf({
      MicrosoftAppId: 'hunter2-id',
      MICROSOFT_APP_PASSWORD: 'hunter2-secret',
      MicrosoftAppType: 'hunter2-type',
      TEAMS_LOGIN_AUTHORITY: 'hunter2-login',
    });
    expect(problems.map((problem) => problem.split(/[: ]/)[0])).toEqual([
      'MicrosoftAppId',
      'MicrosoftAppType',
      'TEAMS_LOGIN_AUTHORITY',
      'MICROSOFT_APP_PASSWORD',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });
});
