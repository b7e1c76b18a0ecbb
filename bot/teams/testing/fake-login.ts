import express, { Router } from 'express';
import type { FakeKeys } from './fake-keys.ts';

interface LoginDeps {
  readonly keys: FakeKeys;
  readonly origin: () => string;
  readonly appId: string;
  readonly password: string;
  readonly tenantId: string;
}

/** Microsoft's login as far as a bot uses it: a token for the app's id and secret. */
export const createFakeLogin = ({ keys, origin, appId, password, tenantId }: LoginDeps) => {
  const issued = new Set<string>();
  const router = Router();

  /** Shaped like the token that Entra gives a bot: the one that must never open the bot's own door. */
  const outboundToken = (over: object = {}): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return keys.sign({
      aud: 'https://api.botframework.com',
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + 3600,
      appid: appId,
      tid: tenantId,
      ver: '1.0',
      ...over,
    });
  };

  router.get(`/${tenantId}/v2.0/.well-known/openid-configuration`, (_request, response) => {
    const here = `${origin()}/${tenantId}`;
    response.json({
      issuer: `${here}/v2.0`,
      authorization_endpoint: `${here}/oauth2/v2.0/authorize`,
      token_endpoint: `${here}/oauth2/v2.0/token`,
      jwks_uri: `${origin()}/keys`,
    });
  });

  router.post(
    `/${tenantId}/oauth2/v2.0/token`,
    express.urlencoded({ extended: false }),
    async (request, response) => {
      const { client_id, client_secret, grant_type, scope } = (request.body ?? {}) as Record<string, string>;
      if (client_id !== appId || client_secret !== password) {
        response.status(401).json({
          error: 'invalid_client',
          error_description: 'AADSTS7000215: Invalid client secret provided.',
          error_codes: [7_000_215],
        });
        return;
      }
      if (
        grant_type !== 'client_credentials' ||
        !scope?.startsWith('https://api.botframework.com/.default')
      ) {
        response.status(400).json({ error: 'invalid_scope', error_description: 'AADSTS70011' });
        return;
      }
      const token = await outboundToken({ jti: String(issued.size) });
      issued.add(token);
      response.json({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token });
    },
  );

  return { router, issued: issued as ReadonlySet<string>, outboundToken };
};
