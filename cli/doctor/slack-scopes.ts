import { readFileSync } from 'node:fs';
import { z } from 'zod';

const manifest = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

/** What the app's manifest asks for. */
export const slackScopes = (): readonly string[] => {
  const file = new URL('../../bot/slack/manifest.http.json', import.meta.url);
  return manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).oauth_config.scopes.bot;
};
