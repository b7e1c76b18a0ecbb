import { AuthenticationConstants, AuthenticationError, type ClaimsIdentity } from 'botframework-connector';
import { JwtTokenExtractor } from 'botframework-connector/lib/auth/jwtTokenExtractor.js';
import { z } from 'zod';
import { withTimeout } from './timeout.ts';

/** What was sent does not come from Teams for us. The message is for the log; who sent it learns nothing. */
export class TeamsAuthenticationError extends Error {
  override readonly name = 'NotAuthentic';
  /** 401: not from Teams. 403: from Teams, or so it says, and not for us. */
  readonly status: 401 | 403;

  constructor(message: string, status: 401 | 403 = 401, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

// Not the SDK's front door: that one also lets in tokens of the Emulator, of other bots and of Entra,
// and keeps a part of every token that it refuses.

export const channelId = 'msteams';

const skewSeconds = 5 * 60;
const bearer = /^Bearer ([\w-]+)\.([\w-]+)\.[\w-]+$/;
const maxHeader = 8192;

const unverified = z.object({ iss: z.string() });
const header = z.object({ kid: z.string().min(1) });

const decode = <T>(shape: z.ZodType<T>, part: string | undefined): T => {
  try {
    return shape.parse(JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')));
  } catch (error) {
    throw new TeamsAuthenticationError('its token cannot be read', 401, { cause: error });
  }
};

export interface Expected {
  readonly appId: string;
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly timeoutMs: number;
}

/** jsonwebtoken's errors, and the SDK's own except when it could not read the keys. */
const isAboutToken = (error: unknown): boolean =>
  error instanceof AuthenticationError
    ? error.statusCode < 500
    : error instanceof Error &&
      ['JsonWebTokenError', 'TokenExpiredError', 'NotBeforeError'].includes(error.name);

/** Whether a token was signed by the Bot Framework, for Teams and for this app, and still holds. */
export const createVerifyToken = ({ appId, issuer, metadataUrl, timeoutMs }: Expected) => {
  const extractor = new JwtTokenExtractor(
    { issuer: [issuer], audience: appId, clockTolerance: skewSeconds, ignoreExpiration: false },
    metadataUrl,
    AuthenticationConstants.AllowedSigningAlgorithms,
  );

  const verify = async (authorization: string, kid: string): Promise<ClaimsIdentity> => {
    const identity = await extractor.getIdentityFromAuthHeader(authorization, channelId);
    if (!identity?.isAuthenticated) throw new TeamsAuthenticationError('its token is not valid');
    if (identity.getClaimValue('exp') === null) throw new TeamsAuthenticationError('its token never expires');
    // The SDK passes a key that is endorsed for nothing.
    const key = await extractor.openIdMetadata.getKey(kid);
    if (!key?.endorsements?.includes(channelId))
      throw new TeamsAuthenticationError('its token was signed with a key that is not for Teams');
    return identity;
  };

  /** Looks at what needs no key first: a stranger costs us as little as can be. */
  const readKeyId = (authorization: string): string => {
    if (authorization === '') throw new TeamsAuthenticationError('it carries no token');
    const [, head, payload] = authorization.length > maxHeader ? [] : (bearer.exec(authorization) ?? []);
    if (head === undefined) throw new TeamsAuthenticationError('its header is not a bearer token');
    if (decode(unverified, payload).iss !== issuer)
      throw new TeamsAuthenticationError('its token is of another issuer');
    return decode(header, head).kid;
  };

  return {
    /** Throws `NotAuthentic` for what even an unverified token shows. */
    precheck: (authorization: string): void => void readKeyId(authorization),
    /** Throws `NotAuthentic`, or another error when the keys could not be read. */
    async verify(authorization: string): Promise<ClaimsIdentity> {
      try {
        const work = verify(authorization, readKeyId(authorization));
        return await withTimeout(work, timeoutMs, 'reading the keys of the Bot Framework');
      } catch (error) {
        if (error instanceof TeamsAuthenticationError || !isAboutToken(error)) throw error;
        throw new TeamsAuthenticationError(
          error instanceof Error ? error.message : 'its token is not valid',
          401,
          {
            cause: error,
          },
        );
      }
    },
  };
};
