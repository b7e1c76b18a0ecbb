/** Whether the keys can be found by which the Bot Framework's tokens are checked; throws when not. */
export const readKeys = async (metadataUrl: string, timeoutMs: number): Promise<void> => {
  const answer = await fetch(metadataUrl, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`${metadataUrl} answers HTTP ${answer.status}`);
  const { jwks_uri: keys } = (await answer.json()) as { readonly jwks_uri?: unknown };
  if (typeof keys !== 'string') throw new Error(`${metadataUrl} names no keys`);
};
