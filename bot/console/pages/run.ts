import { runUrl } from '../../cards/run-buttons.ts';
import { runTitle } from '../../cards/run-card.ts';
import type { LiveRun } from '../../runs/port.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { mainConversation } from '../entry.ts';
import { nonceFor } from '../render/nonce.ts';
import { type RunPage, renderRun, runRegions } from '../render/run-page.ts';
import type { Signer } from '../security/sign.ts';
import type { SeenRuns } from '../seen-runs.ts';
import type { Viewer } from '../viewer.ts';
import type { Page } from './page.ts';
import type { createReadStart } from './read-start.ts';

export interface RunPageDeps extends Pick<ConsoleDeps, 'runs' | 'temporalUi'> {
  readonly seen: SeenRuns;
  readonly signer: Signer;
  readonly readStart: ReturnType<typeof createReadStart>;
}

const temporalUrl = (ui: ConsoleDeps['temporalUi'], workflowId: string): string | null =>
  ui === null
    ? null
    : `${ui.url.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(ui.namespace)}/workflows/${encodeURIComponent(workflowId)}`;

const pressOf = ({ signer }: RunPageDeps, viewer: Viewer, run: LiveRun): RunPage['press'] =>
  viewer.person === null
    ? null
    : {
        person: viewer.person,
        csrf: viewer.csrf,
        back: runUrl('', run.view.workflowId),
        conversation: run.view.conversation?.startsWith('console:')
          ? run.view.conversation
          : mainConversation,
        scope: 'run',
        nonceOf: nonceFor(signer, run),
      };

/** A run's own page; null when there is no such run. */
export const loadRun = async (
  deps: RunPageDeps,
  viewer: Viewer,
  workflowId: string,
): Promise<Page | null> => {
  const found = await deps.seen.fresh(workflowId);
  if (found === null) return null;
  const { run, stale } = found;
  const [audit, attributes, planText, remainingText] = await Promise.all([
    deps.runs.audit(workflowId),
    // The page says already that Temporal does not answer.
    deps.runs.attributes(workflowId).catch(() => null),
    deps.readStart(run.view.plan?.text ?? null),
    deps.readStart(run.view.remaining?.text ?? null),
  ]);
  const page: RunPage = {
    run,
    stale,
    audit,
    attributes,
    planText,
    remainingText,
    press: pressOf(deps, viewer, run),
    temporalUrl: temporalUrl(deps.temporalUi, workflowId),
  };
  return { title: runTitle(run.view), current: 'runs', content: renderRun(page), regions: runRegions(page) };
};
