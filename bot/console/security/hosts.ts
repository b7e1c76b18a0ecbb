import type { RequestHandler } from 'express';

export interface HostSettings {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | null;
}

/** Which names this server answers to. */
export interface AllowedHosts {
  /** True when a browser may know us by this `Host`. */
  isKnown(host: string | undefined): boolean;
  /** True when a page of this origin, reached by this `Host`, is one of ours. */
  isSameOrigin(origin: string, host: string): boolean;
  /** True when people reach this name through TLS. */
  isHttps(host: string | undefined): boolean;
  /** True when somebody who came by this name may act: on this machine, or where the operator opened the door. */
  allowsCommands(host: string | undefined): boolean;
  /** An address to be told to people who came by another name. */
  readonly defaultUrl: string;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/** A resolver that an attacker controls can give our address any name, so only known names are answered. */
export const createAllowedHosts = ({ host, port, publicUrl }: HostSettings): AllowedHosts => {
  const withPort = (name: string) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]);
  const local = new Set(loopbackNames.flatMap(withPort));
  const open = !loopback.test(host);
  const everywhere = host === '0.0.0.0' || host === '::' || host === '';
  const bound = open && !everywhere ? withPort(host.includes(':') ? `[${host}]` : host) : [];
  const publicPlace = publicUrl === null ? null : new URL(publicUrl);
  const all = new Set([...local, ...bound, ...(publicPlace === null ? [] : [publicPlace.host])]);
  const knows: AllowedHosts['isKnown'] = (name) => name !== undefined && all.has(name.toLowerCase());
  const originOf = (name: string): string =>
    publicPlace?.host === name.toLowerCase() ? publicPlace.origin : `http://${name.toLowerCase()}`;
  return {
    isKnown: knows,
    isSameOrigin: (origin, name) => knows(name) && origin === originOf(name),
    isHttps: (name) => name !== undefined && originOf(name).startsWith('https:'),
    // A tunnel or a proxy in front of a loopback address shows the console to people who cannot be told apart.
    allowsCommands: (name) => knows(name) && (open || local.has((name ?? '').toLowerCase())),
    defaultUrl: publicPlace?.origin ?? `http://localhost:${port}`,
  };
};

/** Answers only to our own names. */
export const checkHost =
  (hosts: AllowedHosts): RequestHandler =>
  (request, response, next) => {
    if (hosts.isKnown(request.headers.host)) next();
    else
      response
        .status(421)
        .type('text')
        .send(
          `This server does not go by that name. Open ${hosts.defaultUrl}, or set PUBLIC_URL to the address that people use.`,
        );
  };
