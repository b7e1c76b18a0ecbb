import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EnvError, readAll } from './env-error.ts';

/** A client certificate and its key, as PEM. */
export interface CertificatePair {
  readonly crt: Buffer;
  readonly key: Buffer;
}

/** A pair, and the name of each part in messages: "TEMPORAL_MTLS_TLS_CERT names x.pem". */
interface NamedPair extends CertificatePair {
  readonly crtFrom: string;
  readonly keyFrom: string;
}

/** Reads the file that a variable names. Throws `EnvError` when it can't be read. */
export const readFileOfVariable = (variable: string, path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'permission denied' : code;
    throw new EnvError([`${variable} names ${path}: ${reason}`]);
  }
};

const parseOrThrow = <T>(parse: () => T, problem: string): T => {
  try {
    return parse();
  } catch {
    // The parser's message can quote the key.
    throw new EnvError([problem]);
  }
};

/** A valid pair, and the certificate's expiry. */
export interface CheckedPair {
  readonly pair: CertificatePair;
  readonly expires: Date;
}

/** The pair of TEMPORAL_MTLS_TLS_CERT and TEMPORAL_MTLS_TLS_KEY; null when neither is set. Throws `EnvError`. */
export const readCertificatePair = (env: Readonly<Record<string, string>>): CheckedPair | null => {
  const certPath = env.TEMPORAL_MTLS_TLS_CERT;
  const keyPath = env.TEMPORAL_MTLS_TLS_KEY;
  if (!certPath && !keyPath) return null;
  if (!certPath || !keyPath) {
    const [has, lacks] = certPath
      ? ['TEMPORAL_MTLS_TLS_CERT', 'TEMPORAL_MTLS_TLS_KEY']
      : ['TEMPORAL_MTLS_TLS_KEY', 'TEMPORAL_MTLS_TLS_CERT'];
    throw new EnvError([`${has} is set and ${lacks} is not: mutual TLS needs both, or neither`]);
  }
  const [crt, key] = readAll(
    () => readFileOfVariable('TEMPORAL_MTLS_TLS_CERT', certPath),
    () => readFileOfVariable('TEMPORAL_MTLS_TLS_KEY', keyPath),
  );
  return checkPair({
    crt,
    key,
    crtFrom: `TEMPORAL_MTLS_TLS_CERT names ${certPath}`,
    keyFrom: `TEMPORAL_MTLS_TLS_KEY names ${keyPath}`,
  });
};

/** Checks the pair of Temporal's own configuration, which its loader does not validate. Throws `EnvError`. */
export const checkStandardPair = (
  { crt, key }: CertificatePair,
  env: Readonly<Record<string, string>>,
): CheckedPair => {
  const from = (part: 'CERT' | 'KEY'): string => {
    const path = env[`TEMPORAL_TLS_CLIENT_${part}_PATH`];
    if (path) return `TEMPORAL_TLS_CLIENT_${part}_PATH names ${path}`;
    const variable = `TEMPORAL_TLS_CLIENT_${part}_DATA`;
    return env[variable]
      ? variable
      : `the profile in temporal.toml (${part === 'CERT' ? 'certificate' : 'key'})`;
  };
  return checkPair({ crt, key, crtFrom: from('CERT'), keyFrom: from('KEY') });
};

const day = (date: Date): string => date.toISOString().slice(0, 10);

const checkPair = ({ crt, key, crtFrom, keyFrom }: NamedPair): CheckedPair => {
  const now = new Date();
  const certificate = parseOrThrow(() => new X509Certificate(crt), `${crtFrom}: not a PEM certificate`);
  const privateKey: KeyObject = parseOrThrow(
    () => createPrivateKey(key),
    `${keyFrom}: not a PEM private key without a passphrase`,
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw new EnvError([`${keyFrom}: the key does not match the certificate (${crtFrom})`]);
  const { validFromDate, validToDate } = certificate;
  if (validToDate <= now)
    throw new EnvError([`${crtFrom}: the certificate expired on ${day(validToDate)}; replace it`]);
  if (validFromDate > now)
    throw new EnvError([
      `${crtFrom}: the certificate is not valid before ${day(validFromDate)}; check this machine's clock`,
    ]);
  return { pair: { crt, key }, expires: validToDate };
};

const warnDays = 14;

/** The warning for a certificate that expires within 14 days; null before that. */
export const expiryWarning = (expires: Date | null, now = new Date()): string | null => {
  if (expires === null) return null;
  const days = Math.floor((expires.getTime() - now.getTime()) / 86_400_000);
  if (days >= warnDays) return null;
  const left = days === 1 ? '1 day' : `${days} days`;
  return `the client certificate for Temporal expires on ${day(expires)}, in ${left}`;
};
