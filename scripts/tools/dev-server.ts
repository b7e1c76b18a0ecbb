// Separate file: the tests start the same server.
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { devServerSettings, searchAttributeArguments } from './dev-server-arguments.mjs';
import { findTemporalCli } from './find-tool.mjs';

/** A real Temporal dev server in memory; `teardown()` ends it. */
export const startDevServer = (): Promise<TestWorkflowEnvironment> => {
  const path = findTemporalCli();
  if (!path)
    throw new Error('starting the Temporal dev server: no Temporal CLI; run `npm test`, which installs it');
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: ['--output', 'none', ...devServerSettings, ...searchAttributeArguments],
      log: { format: 'json', level: 'error' },
    },
  });
};
