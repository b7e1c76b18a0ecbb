import { condition, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

interface FloorActivities {
  startProcess(): Promise<void>;
}

const { startProcess } = proxyActivities<FloorActivities>({ startToCloseTimeout: '1 minute' });

export const goUpdate = defineUpdate<string>('go');

/** The smallest workflow that waits for an update and then starts a process. */
export const floor = async (): Promise<void> => {
  let received = false;
  setHandler(goUpdate, () => {
    received = true;
    return 'gone';
  });
  await condition(() => received);
  await startProcess();
};
