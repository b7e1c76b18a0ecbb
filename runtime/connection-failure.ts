import type { TemporalSettings } from './temporal-settings.ts';

type Settings = Pick<TemporalSettings, 'tls' | 'apiKey' | 'namespace'>;

const unauthenticated = 16;
const permissionDenied = 7;
const notFound = 5;

const getCode = (error: unknown): number | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : null;

/** Error texts of the TLS libraries of the client (Node.js) and of the worker (rustls), each with its cause. */
const tlsCauses: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [
    /certificate.?required/i,
    'the server requires a client certificate: set TEMPORAL_MTLS_TLS_CERT and TEMPORAL_MTLS_TLS_KEY',
  ],
  [
    /alert:? *(certificate|unknown.?ca|bad.?certificate|access.?denied)/i,
    'the server rejected the client certificate: check TEMPORAL_MTLS_TLS_CERT and the CAs that the server trusts',
  ],
  [
    /altnames|NotValidForName/i,
    'the server’s certificate is for another name: correct the address, or set TEMPORAL_TLS_SERVER_NAME to its name',
  ],
  [
    /CERT_HAS_EXPIRED|certificate has expired|InvalidCertificate\((Expired|NotValidYet)/i,
    'the server’s certificate is not valid now: renew it, or check this machine’s clock',
  ],
  [
    /self.signed|UnknownIssuer|unable to (get|verify)|InvalidCertificate|BadSignature/i,
    'the server’s certificate is from an unknown CA: set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the CA’s file',
  ],
  [
    /wrong version number|InvalidContentType/i,
    'the server does not use TLS there: correct the address, or remove the certificate or the API key',
  ],
];

const droppedConnection =
  /Failed to connect|operation was canceled|connection closed|broken pipe|transport error|reset/i;

/** A server that rejects a handshake often closes the connection without a reason. */
const explainDroppedConnection = ({ tls }: Settings): string => {
  if (tls === false)
    return 'the server closed the connection: it may require TLS (TEMPORAL_TLS=true, or a certificate)';
  return typeof tls === 'object' && tls.clientCertPair
    ? 'the server closed the connection: it may reject the client certificate (TEMPORAL_MTLS_TLS_CERT)'
    : 'the server closed the connection: it may require a client certificate (TEMPORAL_MTLS_TLS_CERT)';
};

/** The likely cause of a failed connection, with the setting to change; null when it is unknown. */
export const explainConnectionFailure = (error: unknown, settings: Settings): string | null => {
  const message = error instanceof Error ? error.message : String(error);
  const code = getCode(error);
  if (code === unauthenticated)
    return settings.apiKey === null
      ? 'the server requires authentication: set TEMPORAL_CLOUD_API_KEY or a client certificate'
      : 'the server rejected the API key: create a new one and set TEMPORAL_CLOUD_API_KEY (or TEMPORAL_API_KEY)';
  if (code === permissionDenied)
    return `this key or certificate has no access to namespace ${settings.namespace}: grant it, or correct TEMPORAL_NAMESPACE`;
  if (code === notFound)
    return `namespace ${settings.namespace} does not exist: create it with temporal operator namespace create, or correct TEMPORAL_NAMESPACE`;
  const known = tlsCauses.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  return droppedConnection.test(message) && !/refused/i.test(message)
    ? explainDroppedConnection(settings)
    : null;
};
