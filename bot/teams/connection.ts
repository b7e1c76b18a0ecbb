import type { Logger } from '../../runtime/logger.ts';
import {
  type ConnectionProbe,
  createConnectionProbe,
  ProbeError,
  type ProbeIntervals,
} from '../platform/shared/connection-probe.ts';

/**
 * The login's error codes that only new settings end, with the fix.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const rejectedCredentials: Readonly<Record<string, string>> = {
  AADSTS7000215:
    'MicrosoftAppPassword is not a client secret of this app; copy the secret’s value, not its ID',
  AADSTS7000222: 'MicrosoftAppPassword has expired; create a new client secret',
  AADSTS700016: 'MicrosoftAppId does not exist in the tenant of MicrosoftAppTenantId',
  AADSTS90002: 'MicrosoftAppTenantId is not a tenant',
  AADSTS900023: 'MicrosoftAppTenantId is not a tenant',
};

/** OAuth's codes for the same: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const rejectedClient = /\binvalid_client\b|\bunauthorized_client\b/;

const maxReasonLength = 200;

const toMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const toReason = (error: unknown): string =>
  toMessage(error).split('\n', 1)[0]?.slice(0, maxReasonLength) ?? '';

const toTokenError = (error: unknown): ProbeError => {
  const message = toMessage(error);
  const [code] = /AADSTS\d+/.exec(message) ?? [];
  const fix = code === undefined ? undefined : rejectedCredentials[code];
  if (fix !== undefined) return new ProbeError(fix, true);
  return rejectedClient.test(message)
    ? new ProbeError(
        'the login rejected MicrosoftAppId with MicrosoftAppPassword; copy both again from the Azure Bot',
        true,
      )
    : new ProbeError(`the login issues no token (${toReason(error)})`);
};

/** Checks that the bot can get a token, to send, and read the signing keys, to verify requests. */
export const createConnection = (
  checks: { readonly token: () => Promise<unknown>; readonly keys: () => Promise<unknown> },
  logger: Logger,
  intervals?: ProbeIntervals,
): ConnectionProbe => {
  const check = async (): Promise<void> => {
    const [token, keys] = await Promise.allSettled([checks.token(), checks.keys()]);
    if (token.status === 'rejected') throw toTokenError(token.reason);
    if (keys.status === 'rejected')
      throw new ProbeError(`the keys of the Bot Framework cannot be read (${toReason(keys.reason)})`);
  };
  return createConnectionProbe('Teams', check, logger, intervals);
};
