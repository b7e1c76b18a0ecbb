import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import express from 'express';
import { makeCertificate } from '../../../runtime/testing/make-certificate.ts';
import type { TeamsConfig } from '../config.ts';
import { type Call, createFakeConnector, type FakeMessage } from './fake-connector.ts';
import { type KeyName, makeKeys } from './fake-keys.ts';
import { createFakeLogin } from './fake-login.ts';
import { type FakePeople, fakePeople } from './fake-people.ts';
import { createFaults, type Fault, type FaultMatch } from './faults.ts';

export interface FakeTeams {
  readonly host: string;
  readonly serviceUrl: string;
  /** What a bot process needs to speak with it. */
  readonly env: Readonly<Record<string, string>>;
  readonly config: TeamsConfig;
  readonly certFile: string;
  readonly people: FakePeople;
  readonly channel: string;
  readonly team: string;
  /** As the Bot Connector signs it, unless told otherwise. */
  token(over?: { claims?: object; key?: KeyName; header?: object }): Promise<string>;
  /** As Microsoft's login gives it to the bot. */
  outboundToken(over?: object): Promise<string>;
  /** Every request that the connector got, in order. */
  readonly calls: Call[];
  /** What people see. */
  readonly messages: readonly FakeMessage[];
  /** How many tokens were given to the bot. */
  tokensIssued(): number;
  /** Consumed one a request. */
  fault(match: FaultMatch, fault: Fault, times?: number | 'always'): void;
  clearFaults(): void;
  close(): Promise<void>;
}

let certificate: ReturnType<typeof makeCertificate> | undefined;

/**
 * One for all the fakes of this process, which trusts it from here on, as child processes do with
 * NODE_EXTRA_CA_CERTS: of two certificates of one name, only the first would be found.
 */
const trustedCertificate = (): ReturnType<typeof makeCertificate> => {
  if (certificate === undefined) {
    certificate = makeCertificate('localhost');
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.cert]);
  }
  return certificate;
};

/** Microsoft's side of Teams over TLS on this machine: keys, login and the Bot Connector. */
export const openFakeTeams = async (): Promise<FakeTeams> => {
  const keys = await makeKeys();
  const { cert, key } = trustedCertificate();
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-teams-'));
  const certFile = join(folder, 'ca.pem');
  await writeFile(certFile, cert);

  const [appId, tenantId, password] = [randomUUID(), randomUUID(), `secret-${randomUUID()}`];
  let host = '';
  const origin = () => `https://${host}`;
  const login = createFakeLogin({ keys, origin, appId, password, tenantId });
  const faults = createFaults();
  const connector = createFakeConnector({
    tenantId,
    people: Object.values(fakePeople),
    isToken: (token) => login.issued.has(token),
    faults: faults.middleware,
  });

  const app = express();
  app.use('/teams', connector.router);
  app.use(faults.middleware);
  app.use(login.router);
  app.get('/.well-known/openidconfiguration', (_request, response) => {
    response.json({ issuer: 'https://api.botframework.com', jwks_uri: `${origin()}/keys` });
  });
  app.get('/keys', (_request, response) => {
    response.json({ keys: keys.published });
  });

  const server = createServer({ cert, key }, app);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  host = `localhost:${(server.address() as AddressInfo).port}`;
  const serviceUrl = `${origin()}/teams/`;
  const openIdMetadataUrl = `${origin()}/.well-known/openidconfiguration`;
  const loginAuthority = `${origin()}/${tenantId}`;

  return {
    host,
    serviceUrl,
    certFile,
    env: {
      MicrosoftAppId: appId,
      MicrosoftAppPassword: password,
      MicrosoftAppTenantId: tenantId,
      MicrosoftAppType: 'SingleTenant',
      TEAMS_OPENID_METADATA_URL: openIdMetadataUrl,
      TEAMS_LOGIN_AUTHORITY: loginAuthority,
      TEAMS_ALLOWED_SERVICE_HOSTS: host,
      NODE_EXTRA_CA_CERTS: certFile,
    },
    config: {
      appId,
      type: 'SingleTenant',
      password,
      tenantId,
      loginAuthority,
      openIdMetadataUrl,
      serviceHosts: [host],
      tenants: [tenantId],
    },
    people: fakePeople,
    channel: '19:deploys0123456789abcdef@thread.tacv2',
    team: '19:team0123456789abcdef@thread.tacv2',
    token: ({ claims = {}, key: name, header } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: 'https://api.botframework.com', aud: appId, nbf: now, exp: now + 3600 };
      return keys.sign({ ...usual, serviceurl: serviceUrl, ...claims }, name, header);
    },
    outboundToken: login.outboundToken,
    calls: connector.calls,
    messages: connector.messages,
    tokensIssued: () => login.issued.size,
    fault: faults.add,
    clearFaults: faults.clear,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
