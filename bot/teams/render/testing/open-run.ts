import type { LiveRun } from '../../../cards/listed-run.ts';
import { isOver } from '../../../text/run-text.ts';
import type { RenderOptions } from '../card.ts';

/** A run's card as it is posted: approvers get personal views while their decision is pending. */
export const asPosted = (run: LiveRun): RenderOptions => ({
  viewer: 'everyone',
  refresh: isOver(run)
    ? null
    : {
        run: run.view.workflowId,
        userIds: run.view.status === 'awaiting_approval' ? ['29:1ada', '29:1grace'] : [],
      },
});
