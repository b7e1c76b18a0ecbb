import type { LiveRun } from '../../../cards/listed-run.ts';
import { isOver } from '../../../text/run-text.ts';
import type { RenderOptions } from '../adaptive-card.ts';

/** A run's card as it is posted: deciders get views of their own while their word is waited for. */
export const asPosted = (run: LiveRun): RenderOptions => ({
  viewer: 'everybody',
  refresh: isOver(run)
    ? null
    : {
        run: run.view.workflowId,
        userIds: run.view.status === 'awaiting_approval' ? ['29:1ada', '29:1grace'] : [],
      },
});
