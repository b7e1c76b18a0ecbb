import type { TestProject } from 'vitest/node';
import { startDevServer } from '../scripts/tools/dev-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** host:port of the dev server that all tests of this run share. */
    temporalAddress: string;
  }
}

/** One real Temporal dev server for the whole run; tests keep apart by task queue and workflow id. */
export default async (project: TestProject) => {
  const server = await startDevServer();
  project.provide('temporalAddress', server.address);
  return () => server.teardown();
};
