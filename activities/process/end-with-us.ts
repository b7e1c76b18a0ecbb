import type { ChildProcess } from 'node:child_process';
import { signalGroup } from './process-group.ts';

const groups = new Set<number>();

const askAllToStop = (): void => {
  for (const group of groups) signalGroup(group, 'SIGTERM');
};

/**
 * A worker that is told to leave at once does not wait for its commands, but it asks them to stop on its
 * way out: Terraform then comes to a clean end by itself, and nothing goes on that nobody watches. One
 * that is killed asks nobody: then Terraform goes on to its end, and its state's lock keeps others away.
 */
export const endWithUs = (child: ChildProcess & { readonly pid: number }): void => {
  if (!process.listeners('exit').includes(askAllToStop)) process.on('exit', askAllToStop);
  groups.add(child.pid);
  child.once('close', () => groups.delete(child.pid));
};

/** For a group that was asked already: asked twice, Terraform gives up at once and its state is lost. */
export const askNoMore = (group: number): void => void groups.delete(group);
