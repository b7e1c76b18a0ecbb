import { asyncLocalStorage } from '@temporalio/activity';
import { mostAttempts } from './dependencies.ts';

const passing =
  /connection (refused|reset|timed out)|no such host|could not connect|i\/o timeout|TLS handshake|deadline exceeded|temporary failure|server misbehaving|throttl|too ?many ?requests|rate exceeded|service ?unavailable|bad gateway|gateway timeout|unexpected EOF|giving up after \d+ attempt/i;

/** Whether there is a try left for what may go well later. */
export const hasTriesLeft = (): boolean => (asyncLocalStorage.getStore()?.info.attempt ?? 1) < mostAttempts;

/** Whether what a tool said sounds like a network or a service that may come back. */
export const mayPass = (said: string): boolean => passing.test(said) && hasTriesLeft();
