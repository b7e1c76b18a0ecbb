import { ConfidentialClientApplication } from '@azure/msal-node';
import {
  AppCredentials,
  type AuthenticatorResult,
  JwtTokenProviderFactory,
  ManagedIdentityAppCredentials,
  ServiceClientCredentialsFactory,
} from 'botframework-connector';
import pTimeout from 'p-timeout';
import type { TeamsConfig } from '../config.ts';

const operation = 'requesting the token of MicrosoftAppId';

const createApplication = ({
  appId,
  password,
  loginAuthority,
}: TeamsConfig): ConfidentialClientApplication => {
  if (password === null) throw new Error(`${operation}: MicrosoftAppPassword is not set`);
  return new ConfidentialClientApplication({
    auth: {
      clientId: appId,
      clientSecret: password,
      authority: loginAuthority,
      // Without it, MSAL asks the public cloud's login about another cloud's.
      knownAuthorities: [new URL(loginAuthority).host],
    },
  });
};

/** A client secret. Simultaneous messages share one token request, which has a timeout. */
class SecretCredentials extends AppCredentials {
  readonly #application: ConfidentialClientApplication;
  readonly #timeoutMs: number;
  #pending: Promise<AuthenticatorResult> | null = null;

  constructor(config: TeamsConfig, scope: string, timeoutMs: number) {
    super(config.appId, undefined, scope);
    this.#application = createApplication(config);
    this.#timeoutMs = timeoutMs;
  }

  protected override async refreshToken(): Promise<AuthenticatorResult> {
    this.#pending ??= pTimeout(this.#requestToken(), {
      milliseconds: this.#timeoutMs,
      // A plain error: a TimeoutError would mean that a message may have been sent.
      message: new Error(`${operation}: no answer in ${this.#timeoutMs} ms`),
    }).finally(() => {
      this.#pending = null;
    });
    const { accessToken, expiresOn } = await this.#pending;
    // The SDK changes the date that it receives.
    return { accessToken, expiresOn: new Date(expiresOn) };
  }

  async #requestToken(): Promise<AuthenticatorResult> {
    const answer = await this.#application.acquireTokenByClientCredential({
      scopes: [`${this.oAuthScope}/.default`],
      skipCache: true,
    });
    if (!answer?.accessToken || answer.expiresOn === null)
      throw new Error(`${operation}: the answer has no token`);
    return { accessToken: answer.accessToken, expiresOn: answer.expiresOn };
  }
}

export const createCredentials = (config: TeamsConfig, scope: string, timeoutMs: number): AppCredentials =>
  config.type === 'UserAssignedMSI'
    ? new ManagedIdentityAppCredentials(config.appId, scope, new JwtTokenProviderFactory())
    : new SecretCredentials(config, scope, timeoutMs);

/** The SDK asks for credentials by app ID; this factory has those of one app. */
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
    if (appId !== this.#appId) throw new Error('creating credentials: not for this app');
    return this.#credentials;
  };
}
