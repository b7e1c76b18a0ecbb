import { ConfidentialClientApplication } from '@azure/msal-node';
import {
  AppCredentials,
  type AuthenticatorResult,
  JwtTokenProviderFactory,
  ManagedIdentityAppCredentials,
  ServiceClientCredentialsFactory,
} from 'botframework-connector';
import type { TeamsConfig } from '../config.ts';
import { withTimeout } from './timeout.ts';

const doing = 'asking for the token of MicrosoftAppId';

const createApplication = ({
  appId,
  password,
  loginAuthority,
}: TeamsConfig): ConfidentialClientApplication => {
  if (password === null) throw new Error(`${doing}: MicrosoftAppPassword is not set`);
  return new ConfidentialClientApplication({
    auth: {
      clientId: appId,
      clientSecret: password,
      authority: loginAuthority,
      // Without it another cloud's login would be looked up at the public one's first.
      knownAuthorities: [new URL(loginAuthority).host],
    },
  });
};

/** Messages that come together ask for one token, and not for ever. */
class SecretCredentials extends AppCredentials {
  readonly #application: ConfidentialClientApplication;
  readonly #timeoutMs: number;
  #asking: Promise<AuthenticatorResult> | null = null;

  constructor(config: TeamsConfig, scope: string, timeoutMs: number) {
    super(config.appId, undefined, scope);
    this.#application = createApplication(config);
    this.#timeoutMs = timeoutMs;
  }

  protected override async refreshToken(): Promise<AuthenticatorResult> {
    this.#asking ??= withTimeout(this.#ask(), this.#timeoutMs, doing).finally(() => {
      this.#asking = null;
    });
    const { accessToken, expiresOn } = await this.#asking;
    // The SDK changes the date that it is given.
    return { accessToken, expiresOn: new Date(expiresOn) };
  }

  async #ask(): Promise<AuthenticatorResult> {
    const got = await this.#application.acquireTokenByClientCredential({
      scopes: [`${this.oAuthScope}/.default`],
      skipCache: true,
    });
    if (!got?.accessToken || got.expiresOn === null) throw new Error(`${doing}: the answer holds none`);
    return { accessToken: got.accessToken, expiresOn: got.expiresOn };
  }
}

export const createCredentials = (config: TeamsConfig, scope: string, timeoutMs: number): AppCredentials =>
  config.type === 'UserAssignedMSI'
    ? new ManagedIdentityAppCredentials(config.appId, scope, new JwtTokenProviderFactory())
    : new SecretCredentials(config, scope, timeoutMs);

/** One set of credentials, for this app alone. */
export class FixedCredentialsFactory extends ServiceClientCredentialsFactory {
  readonly #appId: string;
  readonly #credentials: AppCredentials;

  constructor(appId: string, credentials: AppCredentials) {
    super();
    this.#appId = appId;
    this.#credentials = credentials;
  }

  override isValidAppId = async (appId: string): Promise<boolean> => appId === this.#appId;

  override isAuthenticationDisabled = async (): Promise<boolean> => false;

  override createCredentials = async (appId: string): Promise<AppCredentials> => {
    if (appId !== this.#appId) throw new Error('making credentials: not for this app');
    return this.#credentials;
  };
}
