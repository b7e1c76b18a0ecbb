import { type ConnectorClient, ConnectorFactory } from 'botframework-connector';
import { LRUCache } from 'lru-cache';
import { isAllowedServiceUrl } from './clouds.ts';

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

export interface GuardOptions {
  readonly serviceHosts: readonly string[];
  readonly timeoutMs: number;
}

/** Looks at the host again: the bot's token goes wherever a client is made for. */
export class GuardedFactory extends ConnectorFactory {
  readonly #inner: ConnectorFactory;
  readonly #options: GuardOptions;
  readonly #clients = new LRUCache<string, ConnectorClient>({ max: 50 });

  constructor(inner: ConnectorFactory, options: GuardOptions) {
    super();
    this.#inner = inner;
    this.#options = options;
  }

  override async create(serviceUrl: string, audience: string): Promise<ConnectorClient> {
    const { serviceHosts, timeoutMs } = this.#options;
    if (!isAllowedServiceUrl(serviceUrl, serviceHosts))
      throw new Error('making a Teams client: the service address is not one of TEAMS_ALLOWED_SERVICE_HOSTS');
    const key = `${audience} ${serviceUrl}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = disableSdkRetries(await this.#inner.create(serviceUrl, audience), timeoutMs);
    this.#clients.set(key, client);
    return client;
  }
}
