import { z } from 'zod';
import type { EnvironmentCheck } from '../../../runtime/env.ts';

export const webhookEnv = {
  TEAMS_WORKFLOWS_WEBHOOKS: z.string().optional(),
  TEAMS_ALLOWED_WEBHOOK_HOSTS: z.string().optional(),
};

/** Addresses by name. They are secrets: anyone who has one can post to its channel. */
export type Webhooks = ReadonlyMap<string, string>;

/** Hosts of Power Automate: https://learn.microsoft.com/power-automate/ip-address-configuration */
const powerAutomateHosts = ['.logic.azure.com', '.api.powerplatform.com'];

const list = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').flatMap((part) => part.trim() || []);

const isAllowed = (url: URL, hosts: readonly string[]): boolean =>
  hosts.includes(url.host) ||
  (url.port === '' && powerAutomateHosts.some((end) => url.hostname.endsWith(end)));

/** The problem of one `name=https://…`, without any part of its address; null for a valid one. */
const findProblem = (entry: string, nth: number, hosts: readonly string[]): string | null => {
  const at = entry.indexOf('=');
  const name = entry.slice(0, Math.max(0, at));
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    return `entry ${nth} must be <name>=https://…, with a name of lowercase letters, digits and hyphens`;
  const url = URL.parse(entry.slice(at + 1));
  if (url?.protocol !== 'https:') return `the address of “${name}” must be a complete https address`;
  return isAllowed(url, hosts)
    ? null
    : `the host of “${name}” is not one of Power Automate (${powerAutomateHosts.map((end) => `*${end}`).join(', ')}); to allow it, add it to TEAMS_ALLOWED_WEBHOOK_HOSTS`;
};

const nameOf = (entry: string): string => entry.slice(0, entry.indexOf('='));

export const checkWebhookEnv: EnvironmentCheck = (env) => {
  const entries = list(env.TEAMS_WORKFLOWS_WEBHOOKS);
  const hosts = list(env.TEAMS_ALLOWED_WEBHOOK_HOSTS);
  const problems = entries.flatMap((entry, index) => findProblem(entry, index + 1, hosts) ?? []);
  const names = entries.map(nameOf);
  const duplicates = new Set(names.filter((name, index) => name !== '' && names.indexOf(name) !== index));
  return [...problems, ...[...duplicates].map((name) => `“${name}” is defined twice`)].map(
    (problem) => `TEAMS_WORKFLOWS_WEBHOOKS: ${problem}`,
  );
};

/** null when none is configured. */
export const readWebhooks = (env: z.output<z.ZodObject<typeof webhookEnv>>): Webhooks | null => {
  const entries = list(env.TEAMS_WORKFLOWS_WEBHOOKS);
  return entries.length === 0
    ? null
    : new Map(entries.map((entry) => [nameOf(entry), entry.slice(entry.indexOf('=') + 1)]));
};
