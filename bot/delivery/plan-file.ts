import type { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { RunPlan } from '../../workflows/contract/run-view.ts';
import type { ThreadPost } from '../platform/platform.ts';
import { shortId } from '../text/run-name.ts';

/** Below Slack's limit for snippets, 1 MB: https://api.slack.com/types/file */
const maxBytes = 900_000;
const omission = Buffer.from('\n\n[middle omitted; the console has the full plan]\n\n');

const readTruncated = async (stream: Readable): Promise<{ content: Buffer; isTruncated: boolean }> => {
  const half = maxBytes / 2;
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail = Buffer.alloc(0);
  let isTruncated = false;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    const room = Math.min(bytes.length, half - headBytes);
    if (room > 0) head.push(bytes.subarray(0, room));
    headBytes += room;
    tail = Buffer.concat([tail, bytes.subarray(room)]);
    if (tail.length > half) {
      tail = Buffer.from(tail.subarray(tail.length - half));
      isTruncated = true;
    }
  }
  return { content: Buffer.concat(isTruncated ? [...head, omission, tail] : [...head, tail]), isTruncated };
};

interface PlanFile {
  readonly file: NonNullable<ThreadPost['file']>;
  readonly isTruncated: boolean;
}

/** The text of a plan as a file. The middle is omitted when the text is too large for a chat. */
export const createPlanFile = async (
  workflowId: string,
  plan: RunPlan,
  open: (ref: ArtifactRef) => Promise<Readable>,
): Promise<PlanFile> => {
  const { content, isTruncated } = await readTruncated(await open(plan.text));
  const name = `plan-${shortId(workflowId)}.txt`;
  return { file: { name, title: `Terraform plan of ${shortId(workflowId)}`, content }, isTruncated };
};
