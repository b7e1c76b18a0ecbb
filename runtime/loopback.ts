import { isIP } from 'node:net';

/** True for a host name or address that only this machine can reach; IPv6 without brackets. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
