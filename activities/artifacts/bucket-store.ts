import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import type { BlobStore } from './blob-store.ts';
import { createBucketClient } from './bucket-client.ts';
import { brokenArtifact, storageFailure } from './storage-failure.ts';
import { type Written, writeWhole } from './write-file.ts';

/** Up to this size the request is made from memory, so that the SDK can send it again by itself. */
const inMemory = 8 * 1024 * 1024;

const contentOf = async (path: string, { bytes }: Written) =>
  bytes <= inMemory ? await readFile(path) : createReadStream(path);

/** Files in an S3 bucket, under a prefix. An upload is whole or not there at all: that is S3's promise. */
export const createBucketStore = (url: URL, env: Readonly<Record<string, string | undefined>>): BlobStore => {
  const Bucket = url.hostname;
  if (!Bucket) throw new Error('opening the artifact store: ARTIFACTS_URL names no bucket after "s3://"');
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  const client = createBucketClient(env);
  const keyOf = (key: string): string => (prefix ? `${prefix}/${key}` : key);

  const upload = async (key: string, path: string, written: Written): Promise<void> => {
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
      throw brokenArtifact(
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
        await upload(key, spool, await writeWhole(spool, content, { flush: false }));
      } catch (error) {
        throw storageFailure(`storing ${key} in bucket ${Bucket}`, error);
      } finally {
        await rm(spool, { force: true });
      }
    },
    read: fetchBody,
  };
};
