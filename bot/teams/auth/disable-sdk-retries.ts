import type { ConnectorClient } from 'botframework-connector';

interface Pipeline {
  removePolicy(policy: { readonly name: string }): readonly unknown[];
  addPolicy(policy: {
    readonly name: string;
    sendRequest<R>(
      request: { timeout: number },
      next: (request: { timeout: number }) => Promise<R>,
    ): Promise<R>;
  }): void;
}

const isPipeline = (value: unknown): value is Pipeline =>
  typeof value === 'object' && value !== null && 'removePolicy' in value && 'addPolicy' in value;

/**
 * One call is one request, with an end: the SDK sends a message up to four times and waits for ever.
 * Its options for both are not read, so this reaches into it, and refuses to go on when it finds nothing.
 */
export const disableSdkRetries = (client: ConnectorClient, timeoutMs: number): ConnectorClient => {
  const pipeline: unknown = Reflect.get(Reflect.get(client, 'client') ?? {}, 'pipeline');
  if (!isPipeline(pipeline) || pipeline.removePolicy({ name: 'defaultRetryPolicy' }).length === 0)
    throw new Error('making a Teams client: the SDK no longer has the retry policy that must be taken out');
  pipeline.addPolicy({
    name: 'quarterdeckTimeout',
    sendRequest(request, next) {
      request.timeout = timeoutMs;
      return next(request);
    },
  });
  return client;
};
