import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { BlobStore } from './port.ts';
import { storageFailure, unusableArtifact } from './storage-failure.ts';
import { type WrittenFile, writeFileAtomically } from './write-file.ts';

/** The SDK's own search for credentials is used when the environment has no key. */
const credentials = (env: Readonly<Record<string, string | undefined>>) =>
  env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY
    ? {
        credentials: {
          accessKeyId: env.AWS_ACCESS_KEY_ID,
          secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
          ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
        },
      }
    : {};

/** A client for AWS, or for whatever answers at `AWS_ENDPOINT_URL`: emulators know no virtual hosts. */
export const createBucketClient = (env: Readonly<Record<string, string | undefined>>): S3Client => {
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (endpoint ? 'us-east-1' : undefined);
  return new S3Client({
    ...credentials(env),
    ...(region ? { region } : {}),
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    // Many stores that speak S3 refuse the newer checksum trailers; we send and check our own digest.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
};

/** Up to this size the request is made from memory, so that the SDK can send it again by itself. */
const inMemory = 8 * 1024 * 1024;

const contentOf = async (path: string, { bytes }: WrittenFile) =>
  bytes <= inMemory ? await readFile(path) : createReadStream(path);

/** Files in an S3 bucket, under a prefix. An upload is whole or not there at all: that is S3's promise. */
export const createBucketStore = (url: URL, env: Readonly<Record<string, string | undefined>>): BlobStore => {
  const Bucket = url.hostname;
  if (!Bucket) throw new Error('opening the artifact store: ARTIFACTS_URL names no bucket after "s3://"');
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  const client = createBucketClient(env);
  const keyOf = (key: string): string => (prefix ? `${prefix}/${key}` : key);

  const upload = async (key: string, path: string, written: WrittenFile): Promise<void> => {
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: keyOf(key),
        Body: await contentOf(path, written),
        ContentLength: written.bytes,
        ChecksumSHA256: Buffer.from(written.sha256, 'hex').toString('base64'),
      }),
    );
  };

  const fetchBody = async (key: string): Promise<Readable> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(key) }));
      if (!(Body instanceof Readable)) throw new Error('the answer has no content');
      return Body;
    } catch (error) {
      if (!(error instanceof NoSuchKey)) throw storageFailure(`reading ${key} from bucket ${Bucket}`, error);
      throw unusableArtifact(
        `reading ${key}: it is not in bucket ${Bucket}`,
        'Check that all workers and the bot have the same ARTIFACTS_URL; else begin the deployment again.',
      );
    }
  };

  return {
    async write(key, content) {
      // S3 wants the length and the digest before the content, so it goes to a file first.
      const spool = join(tmpdir(), `quarterdeck-upload-${randomUUID()}`);
      try {
        await upload(key, spool, await writeFileAtomically(spool, content, { flush: false }));
      } catch (error) {
        throw storageFailure(`storing ${key} in bucket ${Bucket}`, error);
      } finally {
        await rm(spool, { force: true });
      }
    },
    read: fetchBody,
  };
};
