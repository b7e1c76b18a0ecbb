import type { RequestHandler } from 'express';

/** Where the server listens. */
export interface HostSettings {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | null;
}

/** The host names that this server answers to. Every check guards against DNS rebinding. */
export interface AllowedHosts {
  /** True for a `Host` header that names this server. */
  isKnown(host: string | undefined): boolean;
  /** True when a page of this origin, loaded from this `Host`, belongs to this server. */
  isSameOrigin(origin: string, host: string): boolean;
  /** True when browsers reach this host over TLS. */
  isHttps(host: string | undefined): boolean;
  /** True when commands may come from this host: loopback, or any known host once `HOST` is not loopback. */
  allowsCommands(host: string | undefined): boolean;
  /** The URL to suggest for an unknown host. */
  readonly defaultUrl: string;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

export const createAllowedHosts = ({ host, port, publicUrl }: HostSettings): AllowedHosts => {
  const addPort = (name: string) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]);
  const local = new Set(loopbackNames.flatMap(addPort));
  const isPublic = !loopback.test(host);
  const bindsAll = host === '0.0.0.0' || host === '::' || host === '';
  const bound = isPublic && !bindsAll ? addPort(host.includes(':') ? `[${host}]` : host) : [];
  const publicAddress = publicUrl === null ? null : new URL(publicUrl);
  const all = new Set([...local, ...bound, ...(publicAddress === null ? [] : [publicAddress.host])]);
  const isKnown: AllowedHosts['isKnown'] = (name) => name !== undefined && all.has(name.toLowerCase());
  const toOrigin = (name: string): string =>
    publicAddress?.host === name.toLowerCase() ? publicAddress.origin : `http://${name.toLowerCase()}`;
  return {
    isKnown,
    isSameOrigin: (origin, name) => isKnown(name) && origin === toOrigin(name),
    isHttps: (name) => name !== undefined && toOrigin(name).startsWith('https:'),
    // A proxy in front of a loopback address hides who its users are, so its host name is read-only.
    allowsCommands: (name) => isKnown(name) && (isPublic || local.has((name ?? '').toLowerCase())),
    defaultUrl: publicAddress?.origin ?? `http://localhost:${port}`,
  };
};

/** Rejects requests for unknown hosts with 421. */
export const checkHost =
  (hosts: AllowedHosts): RequestHandler =>
  (request, response, next) => {
    if (hosts.isKnown(request.headers.host)) next();
    else
      response
        .status(421)
        .type('text')
        .send(`Unknown host name. Open ${hosts.defaultUrl}, or set PUBLIC_URL to this address.`);
  };
