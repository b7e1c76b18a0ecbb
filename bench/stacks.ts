import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Provision,
  provisionWorkflowId,
  provisionWorkflowType,
} from '../workflows/contract/provision.ts';
import { taskQueues } from '../workflows/contract/task-queues.ts';
import type { BenchStack } from './bench-stack.ts';

const code = (resources: number): string => `terraform {
  backend "local" {}
}

resource "terraform_data" "thing" {
  count = ${resources}
  input = { name = "thing-\${count.index}", size = count.index }
}

output "things" {
  value = length(terraform_data.thing)
}
`;

/** The folder with the code of the stacks, inside the folder that they were created in. */
export const getStackFolder = (folder: string): string => join(folder, 'things');

/** Creates the stacks `s0`, `s1` and so on. Only their states differ, so that each round creates everything. */
export const createStacks = async (
  folder: string,
  count: number,
  resources: number,
): Promise<{ readonly catalog: string }> => {
  await mkdir(getStackFolder(folder), { recursive: true });
  await writeFile(join(getStackFolder(folder), 'main.tf'), code(resources));
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  const entry = (name: string) =>
    `  ${name}:\n    directory: things\n    backend: { path: state/${name}.tfstate }\n`;
  const catalog = join(folder, 'quarterdeck.yaml');
  await writeFile(catalog, `stacks:\n${names.map(entry).join('')}`);
  return { catalog };
};

/** Seconds from the start of a provision until it is closed and its notifications are delivered. */
export const provisionOnce = async ({ client }: BenchStack, stack: string): Promise<number> => {
  const run = await client.workflow.start<Provision>(provisionWorkflowType, {
    workflowId: provisionWorkflowId(stack, randomUUID()),
    taskQueue: taskQueues.infra,
    args: [{ stack, requestedBy: { id: 'ada@example.com', name: 'Ada' } }],
  });
  const { status } = await run.result();
  if (status !== 'succeeded') throw new Error(`the provision of ${stack} is ${status}`);
  const { startTime, closeTime } = await run.describe();
  return ((closeTime?.getTime() ?? Number.NaN) - startTime.getTime()) / 1000;
};
