import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { TestProject } from 'vitest/node';
import { devServerSettings, searchAttributeArguments } from '../scripts/tools/dev-server-arguments.mjs';
import { findTemporalCli } from '../scripts/tools/temporal-cli.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** host:port of the dev server that all tests of this run share. */
    temporalAddress: string;
  }
}

/** One real Temporal dev server for the whole run; tests keep apart by task queue and workflow id. */
export default async (project: TestProject) => {
  const path = findTemporalCli();
  if (!path)
    throw new Error('starting the Temporal dev server: no Temporal CLI; run `npm test`, which brings it');
  const server = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: [...devServerSettings, ...searchAttributeArguments],
      log: { format: 'json', level: 'error' },
    },
  });
  project.provide('temporalAddress', server.address);
  return () => server.teardown();
};
