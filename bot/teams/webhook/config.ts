import { z } from 'zod';
import type { EnvironmentCheck } from '../../../runtime/env.ts';

export const webhookEnv = {
  TEAMS_WORKFLOWS_WEBHOOKS: z.string().optional(),
  TEAMS_ALLOWED_WEBHOOK_HOSTS: z.string().optional(),
};

/** Addresses by name. They are secrets: whoever knows one can post there. */
export type Webhooks = ReadonlyMap<string, string>;

const microsoft = ['.logic.azure.com', '.api.powerplatform.com'];

const list = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').flatMap((part) => part.trim() || []);

const isAllowed = (url: URL, hosts: readonly string[]): boolean =>
  hosts.includes(url.host) || (url.port === '' && microsoft.some((end) => url.hostname.endsWith(end)));

/** What is wrong with one `name=https://…`; null when nothing is. No part of an address is ever told. */
const problemOf = (entry: string, nth: number, hosts: readonly string[]): string | null => {
  const at = entry.indexOf('=');
  const name = entry.slice(0, Math.max(0, at));
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    return `entry ${nth} must be <name>=https://…, the name in small letters, digits and hyphens`;
  const url = URL.parse(entry.slice(at + 1));
  if (url?.protocol !== 'https:') return `the address of “${name}” must be a whole https address`;
  return isAllowed(url, hosts)
    ? null
    : `the address of “${name}” is not one of Power Automate’s (${microsoft.map((end) => `*${end}`).join(', ')}); if it is meant, add its host to TEAMS_ALLOWED_WEBHOOK_HOSTS`;
};

const nameOf = (entry: string): string => entry.slice(0, entry.indexOf('='));

export const checkWebhookEnv: EnvironmentCheck = (env) => {
  const entries = list(env.TEAMS_WORKFLOWS_WEBHOOKS);
  const hosts = list(env.TEAMS_ALLOWED_WEBHOOK_HOSTS);
  const wrong = entries.flatMap((entry, index) => problemOf(entry, index + 1, hosts) ?? []);
  const names = entries.map(nameOf);
  const twice = new Set(names.filter((name, index) => name !== '' && names.indexOf(name) !== index));
  return [...wrong, ...[...twice].map((name) => `“${name}” is there twice`)].map(
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
