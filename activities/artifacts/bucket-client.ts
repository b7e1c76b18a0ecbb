import { S3Client } from '@aws-sdk/client-s3';

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
