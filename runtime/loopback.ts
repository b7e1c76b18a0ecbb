import { isIP } from 'node:net';

/** True for a loopback host name or address. IPv6 addresses come without brackets. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
