import pTimeout from 'p-timeout';
import { z } from 'zod';
import type { TeamsConfig } from '../config.ts';
import { getCloud } from './clouds.ts';
import { createCredentials } from './credentials.ts';
import { channelId } from './verify-token.ts';

/** Requests the bot's token as the bot does, and discards it. Rejects with the login's error. */
export const requestToken = async (config: TeamsConfig, timeoutMs: number): Promise<void> => {
  const credentials = createCredentials(config, getCloud(config.openIdMetadataUrl).issuer, timeoutMs);
  await pTimeout(credentials.getToken(true), {
    milliseconds: timeoutMs,
    message: new Error(`requesting a token: no answer in ${timeoutMs} ms`),
  });
};

const metadata = z.object({ jwks_uri: z.url({ protocol: /^https$/ }) });
const keySet = z.object({
  keys: z.array(z.object({ kid: z.string(), endorsements: z.array(z.string()).optional() })),
});

const fetchJson = async <T>(url: string, shape: z.ZodType<T>, timeoutMs: number): Promise<T> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered HTTP ${response.status}`);
  const read = shape.safeParse(await response.json());
  if (!read.success) throw new Error(`${url} answered in an unknown format`);
  return read.data;
};

/** The address of the keys that sign the Bot Framework's tokens; rejects when it cannot be read. */
export const fetchKeysUrl = async (metadataUrl: string, timeoutMs: number): Promise<string> =>
  (await fetchJson(metadataUrl, metadata, timeoutMs)).jwks_uri;

/** The number of keys that may sign requests from Teams. */
export const countSigningKeys = async (
  { openIdMetadataUrl }: Pick<TeamsConfig, 'openIdMetadataUrl'>,
  timeoutMs: number,
): Promise<number> => {
  const { keys } = await fetchJson(await fetchKeysUrl(openIdMetadataUrl, timeoutMs), keySet, timeoutMs);
  return keys.filter(({ endorsements }) => endorsements?.includes(channelId)).length;
};
