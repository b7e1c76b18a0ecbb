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
import { GuardedFactory } from './connector-factory.ts';
import { createCredentials, FixedCredentialsFactory } from './credentials.ts';
import { getTenants } from './turn-activity.ts';
import { channelId, createVerifyToken, TeamsAuthenticationError } from './verify-token.ts';

/** As long as Teams itself waits. */
const usualTimeoutMs = 10_000;
const callerId = 'urn:botframework:azure';
/** Nobody has this name: what is shut stays shut whatever the SDK makes of it. */
const nowhere = 'https://closed.invalid/';

export interface StrictAuthOptions {
  readonly timeoutMs?: number;
}

/**
 * Lets in what the Bot Framework signed for this app, from Teams, about an allowed tenant, and nothing
 * else. The SDK's other ways in, for the Emulator, for App Service Extensions, for skills and for
 * streams, are shut: each of them takes tokens that this bot itself is given to speak with Teams.
 */
export class StrictAuth extends BotFrameworkAuthentication {
  readonly #config: TeamsConfig;
  readonly #issuer: string;
  readonly #inner: BotFrameworkAuthentication;
  readonly #tokens: ReturnType<typeof createVerifyToken>;
  readonly #connectors: ConnectorFactory;
  readonly #me: ClaimsIdentity;
  #userTokens: Promise<UserTokenClient> | null = null;

  constructor(config: TeamsConfig, { timeoutMs = usualTimeoutMs }: StrictAuthOptions = {}) {
    super();
    const { issuer } = getCloud(config.openIdMetadataUrl);
    this.#config = config;
    this.#issuer = issuer;
    this.#tokens = createVerifyToken({
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
      nowhere,
      config.openIdMetadataUrl,
      nowhere,
      callerId,
      new FixedCredentialsFactory(config.appId, createCredentials(config, issuer, timeoutMs)),
      new AuthenticationConfiguration([channelId]),
    );
    this.#me = new ClaimsIdentity([{ type: AuthenticationConstants.AudienceClaim, value: config.appId }]);
    const { serviceHosts } = config;
    const connectors = this.#inner.createConnectorFactory(this.#me);
    this.#connectors = new GuardedFactory(connectors, { serviceHosts, timeoutMs });
  }

  override async authenticateRequest(
    turnActivity: Activity,
    authorization: string,
  ): Promise<AuthenticateRequestResult> {
    const { serviceHosts, tenants } = this.#config;
    this.#tokens.precheck(authorization);
    if (turnActivity.channelId !== channelId)
      throw new TeamsAuthenticationError('it is not of the channel msteams', 403);
    if (!isAllowedServiceUrl(turnActivity.serviceUrl, serviceHosts))
      throw new TeamsAuthenticationError(
        'its service address is not one of TEAMS_ALLOWED_SERVICE_HOSTS',
        403,
      );

    const claimsIdentity = await this.#tokens.verify(authorization);
    if (claimsIdentity.getClaimValue(AuthenticationConstants.ServiceUrlClaim) !== turnActivity.serviceUrl)
      throw new TeamsAuthenticationError('its token is for another service address');
    // After the token: nobody shall find out by trying which tenants are ours.
    const from = getTenants(turnActivity);
    if (from.length === 0 || !from.every((tenant) => tenants.includes(tenant)))
      throw new TeamsAuthenticationError('its tenant is not one of TEAMS_ALLOWED_TENANTS', 403);
    return {
      audience: this.#issuer,
      callerId,
      claimsIdentity,
      connectorFactory: this.createConnectorFactory(),
    };
  }

  /** One serves all: whoever is spoken with, it is this app that speaks. */
  override createConnectorFactory(): ConnectorFactory {
    return this.#connectors;
  }

  /** The SDK wants one in every turn. Nobody signs in through this bot, and it leads nowhere. */
  override createUserTokenClient(): Promise<UserTokenClient> {
    this.#userTokens ??= this.#inner.createUserTokenClient(this.#me);
    return this.#userTokens;
  }

  override getOriginatingAudience(): string {
    return this.#issuer;
  }

  override async authenticateChannelRequest(): Promise<ClaimsIdentity> {
    throw new TeamsAuthenticationError('skills are not spoken with');
  }

  override async authenticateStreamingRequest(): Promise<AuthenticateRequestResult> {
    throw new TeamsAuthenticationError('streams are not taken');
  }

  override createBotFrameworkClient(): never {
    throw new TeamsAuthenticationError('skills are not spoken with');
  }
}

export const createStrictAuth = (config: TeamsConfig, options?: StrictAuthOptions): StrictAuth =>
  new StrictAuth(config, options);
