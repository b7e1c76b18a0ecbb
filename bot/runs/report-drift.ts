import type { Logger } from '../../runtime/logger.ts';
import type { ChatActivities } from '../../workflows/contract/activities.ts';
import type { Conversation } from '../../workflows/contract/conversation.ts';
import type { DriftReport } from '../../workflows/contract/drift.ts';
import { driftCard } from '../cards/drift-card.ts';
import type { Platform } from '../platform/platform.ts';
import { untried } from '../store/message-rows.ts';
import type { Store } from '../store/store.ts';
import { platformName } from './audience.ts';
import { isLeftOut, sendOnce } from './deliver.ts';
import { type MessageBudget, priorities } from './message-budget.ts';
import { untold } from './untold.ts';

export interface DriftReportDeps {
  readonly store: Pick<Store, 'messages' | 'subscriptions'>;
  readonly platforms: () => readonly Platform[];
  readonly budget: MessageBudget;
  readonly logger: Logger;
}

const part = 'drift';

/**
 * The activity `report_drift`: posts the news wherever the stack is followed, for failures or for all. It
 * fails until everybody was told; a repeat finds by the report's key who was.
 */
export const createReportDrift = (deps: DriftReportDeps): ChatActivities['reportDrift'] => {
  const { store, platforms, budget, logger } = deps;
  const { messages, subscriptions } = store;

  const tell = async (platform: Platform, report: DriftReport, to: Conversation): Promise<void> => {
    const { key } = report;
    const row =
      (await messages.of(key, to)).get(part) ?? untried({ workflowId: key, conversation: to, part });
    if (row.ref !== null || isLeftOut(row, report.workflowId)) return;
    const sent = await sendOnce({ platform, messages, logger }, row, report.workflowId, (maybePosted) =>
      budget.urgent(platform, to, priorities.card, () =>
        platform.post(to, driftCard(report), { workflowId: key, part, deliveryUncertain: maybePosted }),
      ),
    );
    if (sent.kind === 'sent')
      await messages.save({ ...row, ref: sent.value, maybePosted: false, dropped: false });
  };

  return async (report) => {
    const known = new Map(platforms().map((platform) => [platform.name, platform]));
    const followers = [...report.audiences, ...(await subscriptions.of(report.stack))];
    const told = [...new Set(followers.map(({ to }) => to))].map(async (to) => {
      const platform = known.get(platformName(to));
      if (platform !== undefined) await tell(platform, report, to);
    });
    const results = await Promise.allSettled(told);
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (failures.length > 0) throw untold(`drift of ${report.stack}`, failures);
  };
};
