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

/** Without a key in the environment, the SDK searches for credentials itself. */
const readCredentials = (env: Readonly<Record<string, string | undefined>>) =>
  env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY
    ? {
        credentials: {
          accessKeyId: env.AWS_ACCESS_KEY_ID,
          secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
          ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
        },
      }
    : {};

/** A client for AWS, or for the server at `AWS_ENDPOINT_URL`. Emulators do not support virtual hosts. */
export const createBucketClient = (env: Readonly<Record<string, string | undefined>>): S3Client => {
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (endpoint ? 'us-east-1' : undefined);
  return new S3Client({
    ...readCredentials(env),
    ...(region ? { region } : {}),
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    // Many S3-compatible stores refuse the newer checksum trailers. This store checks its own digest.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
};

/** Smaller files are sent from memory, so that the SDK can retry the request. */
const maxInMemoryBytes = 8 * 1024 * 1024;

const readContent = async (path: string, { bytes }: WrittenFile) =>
  bytes <= maxInMemoryBytes ? await readFile(path) : createReadStream(path);

/**
 * Stores files in an S3 bucket, under a prefix. S3 uploads are atomic:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 */
export const createBucketStore = (url: URL, env: Readonly<Record<string, string | undefined>>): BlobStore => {
  const Bucket = url.hostname;
  if (!Bucket) throw new Error('opening the artifact store: ARTIFACTS_URL names no bucket after "s3://"');
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  const client = createBucketClient(env);
  const toObjectKey = (key: string): string => (prefix ? `${prefix}/${key}` : key);

  const upload = async (key: string, path: string, written: WrittenFile): Promise<void> => {
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: toObjectKey(key),
        Body: await readContent(path, written),
        ContentLength: written.bytes,
        ChecksumSHA256: Buffer.from(written.sha256, 'hex').toString('base64'),
      }),
    );
  };

  const fetchBody = async (key: string): Promise<Readable> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: toObjectKey(key) }));
      if (!(Body instanceof Readable)) throw new Error('the response has no content');
      return Body;
    } catch (error) {
      if (!(error instanceof NoSuchKey)) throw storageFailure(`reading ${key} from bucket ${Bucket}`, error);
      throw unusableArtifact(
        `reading ${key}: not found in bucket ${Bucket}`,
        'Check that all workers and the bot have the same ARTIFACTS_URL. If they do, start a new run.',
      );
    }
  };

  return {
    async write(key, content) {
      // S3 needs the length and the digest before the content, so the content goes to a file first.
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
