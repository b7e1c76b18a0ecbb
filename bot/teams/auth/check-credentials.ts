import { z } from 'zod';
import type { TeamsConfig } from '../config.ts';
import { getCloud } from './clouds.ts';
import { createCredentials } from './credentials.ts';
import { withTimeout } from './timeout.ts';
import { channelId } from './verify-token.ts';

/** Whether the keys can be found by which the Bot Framework's tokens are checked; throws when not. */
export const readKeys = async (metadataUrl: string, timeoutMs: number): Promise<void> => {
  const answer = await fetch(metadataUrl, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`${metadataUrl} answers HTTP ${answer.status}`);
  const { jwks_uri: keys } = (await answer.json()) as { readonly jwks_uri?: unknown };
  if (typeof keys !== 'string') throw new Error(`${metadataUrl} names no keys`);
};

/** Asks for the token that the bot speaks with, as the bot does, and tells nobody what it is. */
export const requestToken = async (config: TeamsConfig, timeoutMs: number): Promise<void> => {
  const credentials = createCredentials(config, getCloud(config.openIdMetadataUrl).issuer, timeoutMs);
  await withTimeout(credentials.getToken(true), timeoutMs, 'asking for a token');
};

const metadata = z.object({ jwks_uri: z.url({ protocol: /^https$/ }) });
const keySet = z.object({
  keys: z.array(z.object({ kid: z.string(), endorsements: z.array(z.string()).optional() })),
});

const readJson = async <T>(url: string, shape: z.ZodType<T>, timeoutMs: number): Promise<T> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const read = shape.safeParse(await response.json());
  if (!read.success) throw new Error(`${url} is not what it should be`);
  return read.data;
};

/** How many keys there are that messages of Teams may be signed with. */
export const countSigningKeys = async (
  { openIdMetadataUrl }: Pick<TeamsConfig, 'openIdMetadataUrl'>,
  timeoutMs: number,
): Promise<number> => {
  const { jwks_uri } = await readJson(openIdMetadataUrl, metadata, timeoutMs);
  const { keys } = await readJson(jwks_uri, keySet, timeoutMs);
  return keys.filter(({ endorsements }) => endorsements?.includes(channelId)).length;
};
