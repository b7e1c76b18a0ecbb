import { type ConnectorClient, ConnectorFactory } from 'botframework-connector';
import { LRUCache } from 'lru-cache';
import { disableSdkRetries } from './disable-sdk-retries.ts';
import { isAllowedServiceUrl } from './hosts.ts';

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
