// Lets Temporal's SDK download its CLI into the folder named by the argument: it knows address and version.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const server = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir: process.argv[2] } },
});
await server.teardown();
