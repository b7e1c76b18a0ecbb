import { CancellationScope, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { DeployInput } from './contract/deploy.ts';
import type { RunView } from './contract/run-view.ts';
import { searchAttributes } from './contract/search-attributes.ts';
import type { Target } from './contract/target.ts';
import { createActivities } from './deploy/activities.ts';
import { createAnnounce } from './deploy/announce.ts';
import { createAttempt } from './deploy/attempt.ts';
import { createCancellation } from './deploy/cancellation.ts';
import { createCommands } from './deploy/commands.ts';
import { createConduct } from './deploy/conduct.ts';
import { createGate } from './deploy/gate.ts';
import { registerHandlers } from './deploy/handlers.ts';
import { parseDeployInput } from './deploy/input.ts';
import { createNotices } from './deploy/notices.ts';
import { createPerform } from './deploy/perform.ts';
import { createPipeline } from './deploy/pipeline.ts';
import { createPlace } from './deploy/place.ts';
import { createQuestion } from './deploy/question.ts';
import { createReadTarget } from './deploy/read-target.ts';
import { createRetry } from './deploy/retry.ts';
import { createRun } from './deploy/run.ts';
import type { Limits } from './limits.ts';

/** Makes the workflow `deploy`: one deployment of one service to one environment. */
export const createDeploy =
  (limits: Limits) =>
  (sent: DeployInput): Promise<RunView> => {
    const input = parseDeployInput(sent);
    const run = createRun(input, workflowInfo().workflowId, Date.now);
    const activities = createActivities(limits);
    const cancellation = createCancellation();
    const retry = createRetry(run, limits.retryWindow);

    // Whoever asks before the first stage gets an answer too: handlers come before anything that waits.
    const known: { target: Target | null } = { target: null };
    const approvers = () => known.target && (known.target.approval?.approvers ?? []);
    const commands = createCommands({ run, gate: createGate(run), cancellation, retry, approvers });
    registerHandlers(run, commands, approvers);
    const place = createPlace(run, activities, limits);

    const outside = { cancelled: false };
    CancellationScope.current().cancelRequested.catch(() => {
      outside.cancelled = true;
      cancellation.ask({ by: null, reason: null });
    });

    // A cancellation from outside stops the work alone: giving back the environment and telling people goes on.
    return CancellationScope.nonCancellable(() => {
      upsertSearchAttributes([
        { key: searchAttributes.service, value: input.service },
        { key: searchAttributes.environment, value: input.environment },
        { key: searchAttributes.requester, value: input.requestedBy.id },
      ]);
      const notices = createNotices(activities.notify_users, run.view.workflowId);
      const announce = createAnnounce(run, notices);
      const perform = createPerform(run, cancellation);
      const question = createQuestion(run, announce);
      const pipeline = createPipeline({ run, activities, perform, question, announce });
      const readTarget = createReadTarget(run, activities, (target) => {
        known.target = target;
      });
      const attempt = createAttempt({ run, place, pipeline, cancellation, announce, readTarget });
      notices.start();
      return createConduct({
        run,
        attempt,
        pipeline,
        retry,
        cancellation,
        announce,
        notices,
        readTarget,
        isCancelledFromOutside: () => outside.cancelled,
      })();
    });
  };
