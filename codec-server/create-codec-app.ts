import type { Payload, PayloadCodec } from '@temporalio/common';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { z } from 'zod';
import { DecryptionError } from '../encryption/decryption-error.ts';
import type { KeyRing } from '../encryption/keys.ts';
import { createPayloadCodec } from '../encryption/payload-codec.ts';
import type { Logger } from '../runtime/logger.ts';
import { type GuardOptions, guard, refuse } from './guard.ts';

const base64 = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9+/]*={0,2}$/)
    .transform((text) => Buffer.from(text, 'base64'));

const payload = z.object({ metadata: z.record(z.string(), base64()).nullish(), data: base64().nullish() });

/** Protobuf's JSON omits an empty list: a query without arguments is `{}`. */
const body = z.object({ payloads: z.array(payload).nullish() });

/** Reads the payloads of a request in the JSON of Temporal's tools; null when the body has another shape. */
export const readPayloads = (sent: unknown): Payload[] | null => {
  const read = body.safeParse(sent);
  if (!read.success) return null;
  return (read.data.payloads ?? []).map(({ metadata, data }) => ({
    ...(metadata ? { metadata } : {}),
    ...(data ? { data } : {}),
  }));
};

const write = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The same JSON for a response. */
export const writePayloads = (payloads: readonly Payload[]) => ({
  payloads: payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, write(value)])),
    data: write(data ?? new Uint8Array()),
  })),
});

export interface CodecAppOptions extends GuardOptions {
  readonly keys: KeyRing;
  readonly logger: Logger;
}

/** Temporal accepts gRPC messages of 4 MB; base64 and several payloads in one request need more. */
const limit = '16mb';

/** The Temporal CLI leaves the namespace empty when it has none. */
const toPaths = (verb: string): string[] => [`/${verb}`, `//${verb}`, `/:namespace/${verb}`];

const answer =
  (convert: PayloadCodec['encode']): RequestHandler =>
  async (request, response) => {
    const payloads = readPayloads(request.body);
    if (!payloads)
      return refuse(
        response,
        400,
        'the body must be {"payloads": [{"metadata": {}, "data": ""}]}, in base64',
      );
    response.json(writePayloads(await convert(payloads)));
  };

const failed =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = (error as { status?: unknown }).status;
    if (error instanceof DecryptionError) return refuse(response, 422, error.message);
    if (status === 413) {
      // Do not wait for the rest of the body.
      response.set('connection', 'close');
      return refuse(
        response,
        413,
        `the request is larger than ${limit}, which is more than Temporal accepts`,
      );
    }
    if (status === 415 || status === 400) return refuse(response, 400, 'the body must be JSON');
    // The error's message can quote the request, so the log gets its name alone.
    logger.error({ path: request.path, errorName: (error as Error).name }, 'request failed');
    return refuse(response, 500, 'internal error: check the log of the codec server');
  };

/**
 * The remote codec that Temporal's UI and CLI call: `POST /{namespace}/decode` and `/encode`; the namespace is
 * optional.
 */
export const createCodecApp = ({ keys, logger, ...who }: CodecAppOptions): Express => {
  const app = express();
  const codec = createPayloadCodec(keys);
  app.disable('x-powered-by').disable('etag');
  app.get('/healthz', (_request, response) => {
    response.type('text').send('ok');
  });
  app.use(...guard(who), (_request, response, next) => {
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    next();
  });
  const json = express.json({ limit, type: () => true });
  app.post(toPaths('encode'), json, answer(codec.encode));
  app.post(toPaths('decode'), json, answer(codec.decode));
  app.use((_request, response) =>
    refuse(response, 404, 'not found: use POST /{namespace}/decode or POST /{namespace}/encode'),
  );
  app.use(failed(logger));
  return app;
};
