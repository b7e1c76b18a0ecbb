import {
  Client,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { createDataConverter } from '../encryption/data-converter.ts';
import type { TemporalSettings } from './temporal-settings.ts';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** Calls that wait for something to happen, and so must not be cut short. */
const waits = /\/(Poll\w+|UpdateWorkflowExecution|ExecuteMultiOperation|GetWorkflowExecutionHistory)$/;

/** A call whose caller set no deadline gets one: a server that hangs must not hang us. */
const deadline =
  (answerWithinMs: number): Interceptor =>
  (options, next) => {
    const path = options.method_definition.path;
    const limited =
      options.deadline === undefined && !waits.test(path)
        ? { ...options, deadline: Date.now() + answerWithinMs }
        : options;
    // The types ask for the class; a plain pass-through of the next call is what the library itself returns.
    return next(limited) as ReturnType<Interceptor>;
  };

/**
 * A client that connects at its first call, so that a process starts while Temporal is away. A server that
 * cannot be reached is reported after about 0.8 s, not after 20 s; use `client.withDeadline` for less.
 */
export const connectClient = (
  settings: TemporalSettings,
  { answerWithinMs = 10_000 }: { readonly answerWithinMs?: number } = {},
): Client => {
  const { address, tls, apiKey, metadata, namespace, encryption } = settings;
  const connection = Connection.lazy({
    address,
    tls,
    ...(apiKey === null ? {} : { apiKey }),
    metadata: { ...metadata },
    interceptors: [
      deadline(answerWithinMs),
      makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 4, factor: 1.5 })),
    ],
  });
  return new Client({ connection, namespace, dataConverter: createDataConverter(encryption) });
};
