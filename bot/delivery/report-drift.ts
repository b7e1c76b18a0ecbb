import type { Logger } from '../../runtime/logger.ts';
import type { ChatActivities } from '../../workflows/contract/activities.ts';
import { driftCard } from '../cards/drift-card.ts';
import type { Platform } from '../platform/platform.ts';
import type { Store } from '../store/store.ts';
import { toDeliveryFailure } from './delivery-failure.ts';
import type { MessageBudget } from './message-budget.ts';
import { postNotice } from './send-once.ts';
import { toPlatformName } from './subscribers.ts';

export interface DriftReportDeps {
  readonly store: Pick<Store, 'messages' | 'subscriptions'>;
  readonly platforms: () => readonly Platform[];
  readonly budget: MessageBudget;
  readonly logger: Logger;
}

const part = 'drift';

/**
 * The activity `report_drift`: posts the report in every conversation that follows the stack. Idempotent by the
 * report's key. Fails with `ChatUnavailable` (retried) until every conversation was notified.
 */
export const createReportDrift =
  ({ store, platforms, budget, logger }: DriftReportDeps): ChatActivities['reportDrift'] =>
  async (report) => {
    const byName = new Map(platforms().map((platform) => [platform.name, platform]));
    const { messages, subscriptions } = store;
    const followers = [...report.audiences, ...(await subscriptions.of(report.stack))];
    const deliveries = [...new Set(followers.map(({ to }) => to))].map(async (to) => {
      const platform = byName.get(toPlatformName(to));
      if (platform === undefined) return;
      const notice = { workflowId: report.key, to, part, notificationKey: report.workflowId };
      const getCard = async () => driftCard(report);
      await postNotice({ platform, messages, budget, logger }, { ...notice, getCard });
    });
    const results = await Promise.allSettled(deliveries);
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (failures.length > 0) throw toDeliveryFailure(`drift of ${report.stack}`, failures);
  };
