import { definedVariables, type EnvironmentCheck } from '../../runtime/env.ts';
import { findMisspelledVariables } from '../../runtime/suggest-variable.ts';

const appNames = ['MicrosoftAppId', 'MicrosoftAppPassword', 'MicrosoftAppTenantId', 'MicrosoftAppType'];
const teamsNames = [
  'TEAMS_OPENID_METADATA_URL',
  'TEAMS_LOGIN_AUTHORITY',
  'TEAMS_ALLOWED_SERVICE_HOSTS',
  'TEAMS_ALLOWED_TENANTS',
];
const known = [...appNames, ...teamsNames];

export const appTypes = ['SingleTenant', 'MultiTenant', 'UserAssignedMSI'] as const;

/** So named, it is meant for us; where it is one letter off, `readEnv` asks whether that was meant. */
const ours = /^(Microsoft[_-]?App|TEAMS_(ALLOWED|OPENID|LOGIN)_(?!WEBHOOK))/i;

const unknownNames: EnvironmentCheck = (env) =>
  Object.keys(env)
    .filter((name) => ours.test(name) && !known.includes(name))
    .filter((name) =>
      findMisspelledVariables(definedVariables(env), known).every(
        (problem) => !problem.startsWith(`${name} `),
      ),
    )
    .map((name) => `${name} is not a known variable; for Teams there are ${known.join(', ')}`);

const lacking = (name: string, why: string): string => `${name} is not set: ${why}`;

/** What the type of the app asks for. An unknown type is told by its own rule. */
const ofType: EnvironmentCheck = (env) => {
  const type = env.MicrosoftAppType ?? 'SingleTenant';
  if (!appTypes.some((known) => known === type)) return [];
  const problems: string[] = [];
  if (!env.MicrosoftAppPassword && type !== 'UserAssignedMSI')
    problems.push(lacking('MicrosoftAppPassword', `it is the client secret that a ${type} app needs`));
  if (!env.MicrosoftAppTenantId && type === 'SingleTenant')
    problems.push(
      lacking('MicrosoftAppTenantId', 'a SingleTenant app (the default of MicrosoftAppType) has one tenant'),
    );
  if (!env.MicrosoftAppTenantId && !env.TEAMS_ALLOWED_TENANTS && type !== 'SingleTenant')
    problems.push(
      lacking(
        'TEAMS_ALLOWED_TENANTS',
        `a ${type} app without MicrosoftAppTenantId must name the tenants that it hears`,
      ),
    );
  return problems;
};

/** Half a configuration is refused at start: a bot that hears nobody looks like one that is well. */
export const checkTeamsEnv: EnvironmentCheck = (env) => {
  const set = known.filter((name) => env[name] && name !== 'MicrosoftAppId');
  if (env.MicrosoftAppId) return [...unknownNames(env), ...ofType(env)];
  return [
    ...unknownNames(env),
    ...set.map((name) => `${name} is set without MicrosoftAppId: set that too, or take this away`),
  ];
};
