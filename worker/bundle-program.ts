import { bundleWorkflowCode } from '@temporalio/worker';

const silent = (): void => undefined;
const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };

const [, , workflowsPath = '', failureConverterPath] = process.argv;
const { code } = await bundleWorkflowCode({
  workflowsPath,
  ...(failureConverterPath ? { failureConverterPath } : {}),
  logger,
});
process.send?.(code, () => process.disconnect());
