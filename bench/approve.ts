import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { execa } from 'execa';
import { type BenchStack, withBenchStack } from './bench-stack.ts';
import { type floor, goUpdate } from './floor-workflow.ts';
import { requireTerraform } from './need-terraform.ts';
import { createRecordingTerraform, type RecordingTerraform } from './recording-terraform.ts';
import { type Figure, quantile } from './results.ts';
import { clickApprove, findRun, reaches, typeDeploy } from './runs.ts';
import { createTinyService } from './tiny-service.ts';

const rounds = 10;
/** The cards and threads of earlier runs are delivered first, so that only the click uses the machine. */
const quietMs = 700;

const now = (): number => performance.timeOrigin + performance.now();

/** Milliseconds from the click to the start of `terraform apply`. */
const approveOnce = async (
  stack: BenchStack,
  notes: RecordingTerraform,
  environment: string,
): Promise<number> => {
  const run = await findRun(stack, await typeDeploy(stack, `tiny ${environment}`));
  const view = await reaches(run, 'awaiting_approval');
  await sleep(quietMs);
  await notes.forget();
  const clicked = now();
  await clickApprove(stack, view);
  await reaches(run, 'succeeded');
  return (await notes.applied()) - clicked;
};

/** A bare update, and an activity that starts the same program. */
const floorOnce = async ({ client }: BenchStack, notes: RecordingTerraform): Promise<number> => {
  const run = await client.workflow.start<typeof floor>('floor', {
    workflowId: `floor-${randomUUID()}`,
    taskQueue: 'floor',
    args: [],
  });
  await sleep(quietMs);
  await notes.forget();
  const clicked = now();
  await run.executeUpdate(goUpdate);
  await run.result();
  return (await notes.applied()) - clicked;
};

const measure = async (stack: BenchStack, notes: RecordingTerraform): Promise<readonly Figure[]> => {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const connection = await NativeConnection.connect({ address: stack.address });
  const worker = await Worker.create({
    connection,
    taskQueue: 'floor',
    workflowsPath: fileURLToPath(new URL('./floor-workflow.ts', import.meta.url)),
    activities: { startProcess: () => execa(notes.path, ['apply', 'only-note']).then(() => undefined) },
  });
  const ours: number[] = [];
  const floors: number[] = [];
  await worker.runUntil(async () => {
    for (let round = 0; round <= rounds; round += 1) {
      const duration = await approveOnce(stack, notes, `e${round + 1}`);
      const bare = await floorOnce(stack, notes);
      if (round === 0) continue; // the first ones load code
      ours.push(duration);
      floors.push(bare);
    }
  });
  await connection.close();
  return [
    {
      name: 'click on Approve to the start of terraform apply, compared with update + activity',
      value: quantile(ours, 0.5),
      floor: quantile(floors, 0.5),
      unit: 'ms',
      aim: 1.5,
    },
  ];
};

/** Measures the time from the click on Approve to the start of `terraform apply`. */
export const bench = async (): Promise<readonly Figure[]> => {
  const made: RecordingTerraform[] = [];
  return withBenchStack(
    {
      worker: true,
      prepare: async (folder) => {
        const notes = await createRecordingTerraform(folder, requireTerraform());
        made.push(notes);
        return { ...(await createTinyService(folder, rounds + 1)), terraform: notes.path };
      },
    },
    (stack) => measure(stack, made[0] as RecordingTerraform),
  );
};
