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

/** JSON of protobuf leaves out a list that is empty: a query without arguments is `{}`. */
const body = z.object({ payloads: z.array(payload).nullish() });

/** The payloads of a request as Temporal's tools write them in JSON, or null when it is none. */
export const readPayloads = (sent: unknown): Payload[] | null => {
  const read = body.safeParse(sent);
  if (!read.success) return null;
  return (read.data.payloads ?? []).map(({ metadata, data }) => ({
    ...(metadata ? { metadata } : {}),
    ...(data ? { data } : {}),
  }));
};

const write = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The same for an answer. */
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

/** Temporal takes messages of 4 MB; in base64 and several at once they are longer. */
const limit = '16mb';

/** The CLI leaves the namespace empty when it was not told one. */
const pathsOf = (verb: string): string[] => [`/${verb}`, `//${verb}`, `/:namespace/${verb}`];

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
      // The rest of what is being sent is not waited for.
      response.set('connection', 'close');
      return refuse(response, 413, `a request may have ${limit}, which is more than Temporal takes`);
    }
    if (status === 415 || status === 400) return refuse(response, 400, 'the body must be JSON');
    // The error itself may quote what was sent.
    logger.error({ path: request.path, error: (error as Error).name }, 'a request failed');
    return refuse(response, 500, 'something went wrong here; look at the log of the codec server');
  };

/**
 * What Temporal's UI and CLI ask to show what is encrypted: `POST /{namespace}/decode` and `/encode`, or
 * without the namespace.
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
  app.post(pathsOf('encode'), json, answer(codec.encode));
  app.post(pathsOf('decode'), json, answer(codec.decode));
  app.use((_request, response) =>
    refuse(response, 404, 'POST /{namespace}/decode and /{namespace}/encode are here'),
  );
  app.use(failed(logger));
  return app;
};
