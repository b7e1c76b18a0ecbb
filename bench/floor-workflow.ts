import { condition, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

interface FloorActivities {
  startProcess(): Promise<void>;
}

const { startProcess } = proxyActivities<FloorActivities>({ startToCloseTimeout: '1 minute' });

export const goUpdate = defineUpdate<string>('go');

/** The least that waits for somebody's word and then starts a process. */
export const floor = async (): Promise<void> => {
  let told = false;
  setHandler(goUpdate, () => {
    told = true;
    return 'gone';
  });
  await condition(() => told);
  await startProcess();
};
