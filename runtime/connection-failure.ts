import type { TemporalSettings } from './temporal-settings.ts';

type Settings = Pick<TemporalSettings, 'tls' | 'apiKey' | 'namespace'>;

const unauthenticated = 16;
const permissionDenied = 7;
const notFound = 5;

const codeOf = (error: unknown): number | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : null;

/** What the TLS libraries of the client and of the worker say, and what it comes from. */
const tlsCauses: readonly (readonly [words: RegExp, cause: string])[] = [
  [
    /certificate.?required/i,
    'the server asks for a client certificate: set TEMPORAL_MTLS_TLS_CERT and TEMPORAL_MTLS_TLS_KEY',
  ],
  [
    /alert:? *(certificate|unknown.?ca|bad.?certificate|access.?denied)/i,
    'the server refuses the client certificate: look at TEMPORAL_MTLS_TLS_CERT, and which CA the server trusts',
  ],
  [
    /altnames|NotValidForName/i,
    'the server’s certificate is for another name: correct the address, or set TEMPORAL_TLS_SERVER_NAME to the name in it',
  ],
  [
    /CERT_HAS_EXPIRED|certificate has expired|InvalidCertificate\((Expired|NotValidYet)/i,
    'the server’s certificate is not valid at this time: renew it, and look at this machine’s clock',
  ],
  [
    /self.signed|UnknownIssuer|unable to (get|verify)|InvalidCertificate|BadSignature/i,
    'the server’s certificate is of a CA that is not known here: set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the CA’s file',
  ],
  [
    /wrong version number|InvalidContentType/i,
    'the server speaks no TLS there: correct the address, or take the certificate or the API key away',
  ],
];

const cutShort =
  /Failed to connect|operation was canceled|connection closed|broken pipe|transport error|reset/i;

/** A server that refuses in the middle of a handshake often only hangs up. */
const afterHangUp = ({ tls }: Settings): string => {
  if (tls === false)
    return 'it hung up at once: perhaps it asks for TLS (TEMPORAL_TLS=true, or a certificate)';
  return typeof tls === 'object' && tls.clientCertPair
    ? 'it hung up at once: perhaps it refuses the client certificate (TEMPORAL_MTLS_TLS_CERT)'
    : 'it hung up at once: perhaps it asks for a client certificate (TEMPORAL_MTLS_TLS_CERT)';
};

/** What most likely keeps us from the server and what to do about it, in words; null when nobody can tell. */
export const explainConnectionFailure = (error: unknown, settings: Settings): string | null => {
  const said = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (code === unauthenticated)
    return settings.apiKey === null
      ? 'the server wants to know who we are: set TEMPORAL_CLOUD_API_KEY, or a client certificate'
      : 'the server refuses the API key: make a new one, and set TEMPORAL_CLOUD_API_KEY (or TEMPORAL_API_KEY)';
  if (code === permissionDenied)
    return `this key or certificate may not use namespace ${settings.namespace}: grant it, or correct TEMPORAL_NAMESPACE`;
  if (code === notFound)
    return `there is no namespace ${settings.namespace}: make it with temporal operator namespace create, or correct TEMPORAL_NAMESPACE`;
  const known = tlsCauses.find(([words]) => words.test(said));
  if (known) return known[1];
  return cutShort.test(said) && !/refused/i.test(said) ? afterHangUp(settings) : null;
};
