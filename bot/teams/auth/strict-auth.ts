import type { Activity } from 'botbuilder';
import {
  type AuthenticateRequestResult,
  AuthenticationConfiguration,
  AuthenticationConstants,
  BotFrameworkAuthentication,
  BotFrameworkAuthenticationFactory,
  ClaimsIdentity,
  type ConnectorFactory,
  type UserTokenClient,
} from 'botframework-connector';
import type { TeamsConfig } from '../config.ts';
import { getCloud, isAllowedServiceUrl } from './clouds.ts';
import { AllowedHostsConnectorFactory } from './connector-factory.ts';
import { createCredentials, FixedCredentialsFactory } from './credentials.ts';
import { getTenants } from './turn-activity.ts';
import {
  channelId,
  createTokenVerifier,
  TeamsAuthenticationError,
  type TokenVerifier,
} from './verify-token.ts';

/** Teams itself waits as long for an answer. */
const defaultTimeoutMs = 10_000;
const callerId = 'urn:botframework:azure';
/** `.invalid` never resolves: the SDK cannot fetch anything for the entry points that are closed. */
const unreachableUrl = 'https://closed.invalid/';

export interface StrictAuthOptions {
  readonly timeoutMs?: number;
}

/**
 * Accepts only what the Bot Framework signed for this app, from Teams, for an allowed tenant. The
 * SDK's other entry points (Emulator, App Service Extensions, skills, streams) are closed: each of them
 * accepts the tokens with which this bot itself calls Teams.
 */
export class StrictAuth extends BotFrameworkAuthentication {
  readonly #config: TeamsConfig;
  readonly #issuer: string;
  readonly #inner: BotFrameworkAuthentication;
  readonly #tokens: TokenVerifier;
  readonly #connectors: ConnectorFactory;
  readonly #identity: ClaimsIdentity;
  #userTokens: Promise<UserTokenClient> | null = null;

  constructor(config: TeamsConfig, { timeoutMs = defaultTimeoutMs }: StrictAuthOptions = {}) {
    super();
    const { issuer } = getCloud(config.openIdMetadataUrl);
    this.#config = config;
    this.#issuer = issuer;
    this.#tokens = createTokenVerifier({
      appId: config.appId,
      issuer,
      metadataUrl: config.openIdMetadataUrl,
      timeoutMs,
    });
    this.#inner = BotFrameworkAuthenticationFactory.create(
      '',
      true,
      config.loginAuthority,
      issuer,
      issuer,
      unreachableUrl,
      config.openIdMetadataUrl,
      unreachableUrl,
      callerId,
      new FixedCredentialsFactory(config.appId, createCredentials(config, issuer, timeoutMs)),
      new AuthenticationConfiguration([channelId]),
    );
    this.#identity = new ClaimsIdentity([
      { type: AuthenticationConstants.AudienceClaim, value: config.appId },
    ]);
    const { serviceHosts } = config;
    const connectors = this.#inner.createConnectorFactory(this.#identity);
    this.#connectors = new AllowedHostsConnectorFactory(connectors, { serviceHosts, timeoutMs });
  }

  override async authenticateRequest(
    turnActivity: Activity,
    authorization: string,
  ): Promise<AuthenticateRequestResult> {
    const { serviceHosts, tenants } = this.#config;
    this.#tokens.precheck(authorization);
    if (turnActivity.channelId !== channelId)
      throw new TeamsAuthenticationError('not of the channel msteams', 403);
    if (!isAllowedServiceUrl(turnActivity.serviceUrl, serviceHosts))
      throw new TeamsAuthenticationError('service URL is not one of TEAMS_ALLOWED_SERVICE_HOSTS', 403);

    const claimsIdentity = await this.#tokens.verify(authorization);
    if (claimsIdentity.getClaimValue(AuthenticationConstants.ServiceUrlClaim) !== turnActivity.serviceUrl)
      throw new TeamsAuthenticationError('token for another service URL');
    // After the token: a stranger must not learn which tenants are allowed.
    const named = getTenants(turnActivity);
    if (named.length === 0 || !named.every((tenant) => tenants.includes(tenant)))
      throw new TeamsAuthenticationError('tenant is not one of TEAMS_ALLOWED_TENANTS', 403);
    return {
      audience: this.#issuer,
      callerId,
      claimsIdentity,
      connectorFactory: this.createConnectorFactory(),
    };
  }

  /** One factory for all conversations: each request is sent as this app. */
  override createConnectorFactory(): ConnectorFactory {
    return this.#connectors;
  }

  /** The SDK requires one in every turn; this bot has no sign-in, so it is never used. */
  override createUserTokenClient(): Promise<UserTokenClient> {
    this.#userTokens ??= this.#inner.createUserTokenClient(this.#identity);
    return this.#userTokens;
  }

  override getOriginatingAudience(): string {
    return this.#issuer;
  }

  override async authenticateChannelRequest(): Promise<ClaimsIdentity> {
    throw new TeamsAuthenticationError('skill requests are not supported');
  }

  override async authenticateStreamingRequest(): Promise<AuthenticateRequestResult> {
    throw new TeamsAuthenticationError('streaming requests are not supported');
  }

  override createBotFrameworkClient(): never {
    throw new TeamsAuthenticationError('skill requests are not supported');
  }
}

export const createStrictAuth = (config: TeamsConfig, options?: StrictAuthOptions): StrictAuth =>
  new StrictAuth(config, options);
