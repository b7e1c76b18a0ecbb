import { runUrl } from '../../cards/run-buttons.ts';
import { runTitle } from '../../cards/run-card.ts';
import type { LiveRun } from '../../runs/port.ts';
import { mainConversation } from '../chat/entry.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { Page } from '../layout/layout.ts';
import { createNonceFor } from '../layout/nonce.ts';
import type { RunCache } from '../run-cache.ts';
import type { Viewer } from '../security/resolve-viewer.ts';
import type { Signer } from '../security/signer.ts';
import type { createArtifactPreview } from './artifact-routes.ts';
import { type RunPageView, renderRunPage, runRegions } from './render-run.ts';

export interface RunPageDeps extends Pick<ConsoleDeps, 'runs' | 'temporalUi'> {
  readonly runCache: RunCache;
  readonly signer: Signer;
  readonly readPreview: ReturnType<typeof createArtifactPreview>;
}

const temporalUrl = (ui: ConsoleDeps['temporalUi'], workflowId: string): string | null =>
  ui === null
    ? null
    : `${ui.url.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(ui.namespace)}/workflows/${encodeURIComponent(workflowId)}`;

const toFormContext = ({ signer }: RunPageDeps, viewer: Viewer, run: LiveRun): RunPageView['formContext'] =>
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
        nonceOf: createNonceFor(signer, run),
      };

/** A run's own page; null when there is no such run. */
export const loadRunPage = async (
  deps: RunPageDeps,
  viewer: Viewer,
  workflowId: string,
): Promise<Page | null> => {
  const found = await deps.runCache.load(workflowId);
  if (found === null) return null;
  const { run, stale } = found;
  const [audit, attributes, planText, remainingText] = await Promise.all([
    deps.runs.audit(workflowId),
    // The page says already that Temporal does not answer.
    deps.runs.attributes(workflowId).catch(() => null),
    deps.readPreview(run.view.plan?.text ?? null),
    deps.readPreview(run.view.remaining?.text ?? null),
  ]);
  const page: RunPageView = {
    run,
    stale,
    audit,
    attributes,
    planText,
    remainingText,
    formContext: toFormContext(deps, viewer, run),
    temporalUrl: temporalUrl(deps.temporalUi, workflowId),
  };
  return {
    title: runTitle(run.view),
    current: 'runs',
    content: renderRunPage(page),
    regions: runRegions(page),
  };
};
