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
 * Makes one call one request with a timeout: the SDK sends a message up to four times and waits
 * without limit. Its options for both have no effect, so this changes its private pipeline, and
 * throws when a new SDK version has no retry policy there.
 */
export const disableSdkRetries = (client: ConnectorClient, timeoutMs: number): ConnectorClient => {
  const pipeline: unknown = Reflect.get(Reflect.get(client, 'client') ?? {}, 'pipeline');
  if (!isPipeline(pipeline) || pipeline.removePolicy({ name: 'defaultRetryPolicy' }).length === 0)
    throw new Error('creating a Teams client: the SDK has no retry policy to remove');
  pipeline.addPolicy({
    name: 'quarterdeckTimeout',
    sendRequest(request, next) {
      request.timeout = timeoutMs;
      return next(request);
    },
  });
  return client;
};

export interface ConnectorFactoryOptions {
  readonly serviceHosts: readonly string[];
  readonly timeoutMs: number;
}

const maxClients = 50;

/** Creates clients for allowed hosts only: the bot's token is sent wherever a client points. */
export class AllowedHostsConnectorFactory extends ConnectorFactory {
  readonly #inner: ConnectorFactory;
  readonly #options: ConnectorFactoryOptions;
  readonly #clients = new LRUCache<string, ConnectorClient>({ max: maxClients });

  constructor(inner: ConnectorFactory, options: ConnectorFactoryOptions) {
    super();
    this.#inner = inner;
    this.#options = options;
  }

  override async create(serviceUrl: string, audience: string): Promise<ConnectorClient> {
    const { serviceHosts, timeoutMs } = this.#options;
    if (!isAllowedServiceUrl(serviceUrl, serviceHosts))
      throw new Error('creating a Teams client: the service URL is not one of TEAMS_ALLOWED_SERVICE_HOSTS');
    const key = `${audience} ${serviceUrl}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = disableSdkRetries(await this.#inner.create(serviceUrl, audience), timeoutMs);
    this.#clients.set(key, client);
    return client;
  }
}
