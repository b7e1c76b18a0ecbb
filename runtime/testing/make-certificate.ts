import { generateKeyPairSync, sign } from 'node:crypto';

/** One DER element: tag, length, content. */
const der = (tag: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

const time = (date: Date): Buffer =>
  der(0x17, `${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`);

const pem = (content: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${content.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** A certificate and its key, both as PEM. */
export interface MadeCertificate {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
}

interface Making {
  readonly validFrom?: Date;
  readonly validTo?: Date;
  /** Who signs it; itself, unless another is given. */
  readonly issuer?: MadeCertificate;
  /** It may sign others. */
  readonly authority?: true;
}

const day = 86_400_000;
const nameOf = (name: string): Buffer => sequence(der(0x31, sequence(oid('550403'), der(0x0c, name))));
const yes = der(0x01, Buffer.from([0xff]));
const mayIssue = sequence(oid('551d13'), yes, der(0x04, sequence(yes)));

/** A certificate for a host name, made on the spot. For tests. */
export const makeCertificate = (name: string, making: Making = {}): MadeCertificate => {
  const {
    validFrom = new Date(Date.now() - day),
    validTo = new Date(Date.now() + 30 * day),
    issuer,
  } = making;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const altName = sequence(oid('551d11'), der(0x04, sequence(der(0x82, name))));
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([issuer ? 2 : 1])),
    ecdsaWithSha256,
    nameOf(issuer?.name ?? name),
    sequence(time(validFrom), time(validTo)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, making.authority ? sequence(altName, mayIssue) : sequence(altName)),
  );
  const signature = sign('sha256', content, issuer?.key ?? privateKey);
  return {
    name,
    cert: pem(sequence(content, ecdsaWithSha256, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};
