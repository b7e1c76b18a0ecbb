import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EnvError, readAll } from './env-error.ts';

/** A client certificate and its key, as PEM. */
export interface CertificatePair {
  readonly crt: Buffer;
  readonly key: Buffer;
}

/** A file named by a variable. */
export const readNamedFile = (variable: string, path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : code;
    throw new EnvError([`${variable} names ${path}: ${why}`]);
  }
};

const parsed = <T>(make: () => T, problem: string): T => {
  try {
    return make();
  } catch {
    // The parser's own words may quote the key.
    throw new EnvError([problem]);
  }
};

/** The pair behind TEMPORAL_MTLS_TLS_CERT and TEMPORAL_MTLS_TLS_KEY, or null when neither is set. */
export const readCertificatePair = (env: Readonly<Record<string, string>>): CertificatePair | null => {
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
    () => readNamedFile('TEMPORAL_MTLS_TLS_CERT', certPath),
    () => readNamedFile('TEMPORAL_MTLS_TLS_KEY', keyPath),
  );
  checkPair(crt, key, certPath, keyPath);
  return { crt, key };
};

const checkPair = (crt: Buffer, key: Buffer, certPath: string, keyPath: string): void => {
  const certificate = parsed(
    () => new X509Certificate(crt),
    `TEMPORAL_MTLS_TLS_CERT names ${certPath}: it holds no PEM certificate`,
  );
  const privateKey: KeyObject = parsed(
    () => createPrivateKey(key),
    `TEMPORAL_MTLS_TLS_KEY names ${keyPath}: it holds no PEM private key without a passphrase`,
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw new EnvError([`TEMPORAL_MTLS_TLS_KEY names ${keyPath}: it is not the key of ${certPath}`]);
};
