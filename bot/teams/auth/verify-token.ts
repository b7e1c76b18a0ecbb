import { AuthenticationConstants, AuthenticationError, type ClaimsIdentity } from 'botframework-connector';
import { JwtTokenExtractor } from 'botframework-connector/lib/auth/jwtTokenExtractor.js';
import pTimeout from 'p-timeout';
import { z } from 'zod';

/** A request is not from Teams for this bot. The message is for the log; the sender receives the status. */
export class TeamsAuthenticationError extends Error {
  override readonly name = 'TeamsAuthenticationError';
  /** 401: not proven to be from Teams. 403: from Teams, but not for this bot or its tenants. */
  readonly status: 401 | 403;

  constructor(message: string, status: 401 | 403 = 401, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

// Not the SDK's own entry point: that one also accepts tokens of the Emulator, of other bots and of
// Entra, and keeps a part of every token that it rejects.
// https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication

export const channelId = 'msteams';

/** The clock tolerance that the Bot Framework documents. */
const maxSkewSeconds = 5 * 60;
const bearer = /^Bearer ([\w-]+)\.([\w-]+)\.[\w-]+$/;
const maxHeaderLength = 8192;

const unverifiedPayload = z.object({ iss: z.string() });
const tokenHeader = z.object({ kid: z.string().min(1) });

const decode = <T>(shape: z.ZodType<T>, part: string | undefined): T => {
  try {
    return shape.parse(JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')));
  } catch (error) {
    throw new TeamsAuthenticationError('unreadable token', 401, { cause: error });
  }
};

export interface TokenExpectations {
  readonly appId: string;
  readonly issuer: string;
  /** Where the Bot Framework publishes its signing keys. */
  readonly metadataUrl: string;
  readonly timeoutMs: number;
}

/** jsonwebtoken's errors, and the SDK's own unless it failed to read the keys. */
const isTokenError = (error: unknown): boolean =>
  error instanceof AuthenticationError
    ? error.statusCode < 500
    : error instanceof Error &&
      ['JsonWebTokenError', 'TokenExpiredError', 'NotBeforeError'].includes(error.name);

/** Verifies that the Bot Framework signed a token for Teams and for this app, and that it is valid now. */
export interface TokenVerifier {
  /** Checks what needs no key; throws `TeamsAuthenticationError`. */
  precheck(authorization: string): void;
  /** Throws `TeamsAuthenticationError`, or another error when the keys cannot be read in time. */
  verify(authorization: string): Promise<ClaimsIdentity>;
}

export const createTokenVerifier = (expected: TokenExpectations): TokenVerifier => {
  const { appId, issuer, metadataUrl, timeoutMs } = expected;
  const extractor = new JwtTokenExtractor(
    { issuer: [issuer], audience: appId, clockTolerance: maxSkewSeconds, ignoreExpiration: false },
    metadataUrl,
    AuthenticationConstants.AllowedSigningAlgorithms,
  );

  /** Cheap checks come first, so that a stranger's request costs little. */
  const readKeyId = (authorization: string): string => {
    if (authorization === '') throw new TeamsAuthenticationError('no token');
    const [, head, payload] =
      authorization.length > maxHeaderLength ? [] : (bearer.exec(authorization) ?? []);
    if (head === undefined) throw new TeamsAuthenticationError('not a bearer token');
    if (decode(unverifiedPayload, payload).iss !== issuer)
      throw new TeamsAuthenticationError('token of another issuer');
    return decode(tokenHeader, head).kid;
  };

  const verifySignature = async (authorization: string, keyId: string): Promise<ClaimsIdentity> => {
    const identity = await extractor.getIdentityFromAuthHeader(authorization, channelId);
    if (!identity?.isAuthenticated) throw new TeamsAuthenticationError('invalid token');
    if (identity.getClaimValue('exp') === null) throw new TeamsAuthenticationError('token never expires');
    // The SDK accepts a key without any endorsement.
    const key = await extractor.openIdMetadata.getKey(keyId);
    if (!key?.endorsements?.includes(channelId))
      throw new TeamsAuthenticationError('token signed with a key that is not for Teams');
    return identity;
  };

  return {
    precheck: (authorization) => void readKeyId(authorization),
    async verify(authorization) {
      try {
        return await pTimeout(verifySignature(authorization, readKeyId(authorization)), {
          milliseconds: timeoutMs,
          message: `reading the keys of the Bot Framework: no answer in ${timeoutMs} ms`,
        });
      } catch (error) {
        if (error instanceof TeamsAuthenticationError || !isTokenError(error)) throw error;
        const message = error instanceof Error ? error.message : 'invalid token';
        throw new TeamsAuthenticationError(message, 401, { cause: error });
      }
    },
  };
};
