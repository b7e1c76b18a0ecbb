import type { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { RunPlan } from '../../workflows/contract/run-view.ts';
import type { ThreadPost } from '../platform/platform.ts';
import { shortId } from '../text/run-name.ts';

/** Chats take snippets of up to a megabyte. */
const limit = 900_000;
const cut = Buffer.from('\n\n[… the middle is not shown here; the whole text is in the console …]\n\n');

const readCut = async (stream: Readable): Promise<{ content: Buffer; isCut: boolean }> => {
  const half = limit / 2;
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail = Buffer.alloc(0);
  let dropped = false;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    const room = Math.min(bytes.length, half - headBytes);
    if (room > 0) head.push(bytes.subarray(0, room));
    headBytes += room;
    tail = Buffer.concat([tail, bytes.subarray(room)]);
    if (tail.length > half) {
      tail = Buffer.from(tail.subarray(tail.length - half));
      dropped = true;
    }
  }
  return { content: Buffer.concat(dropped ? [...head, cut, tail] : [...head, tail]), isCut: dropped };
};

interface PlanFile {
  readonly file: NonNullable<ThreadPost['file']>;
  readonly isCut: boolean;
}

/** The plan's text as a file, its middle cut when a chat would not take it whole. */
export const planFile = async (
  workflowId: string,
  plan: RunPlan,
  open: (ref: ArtifactRef) => Promise<Readable>,
): Promise<PlanFile> => {
  const { content, isCut } = await readCut(await open(plan.text));
  const name = `plan-${shortId(workflowId)}.txt`;
  return { file: { name, title: `Terraform plan of ${shortId(workflowId)}`, content }, isCut };
};
