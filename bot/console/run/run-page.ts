import { Router } from 'express';
import { runUrl } from '../../cards/run-buttons.ts';
import { runTitle } from '../../cards/run-card.ts';
import type { LiveRun, Runs } from '../../runs/types.ts';
import { consoleName, mainConversation } from '../chat/conversations.ts';
import { createNonceFor, type FormContext } from '../layout/actions.ts';
import type { Page } from '../layout/layout.ts';
import { createMessagePage, type SendPage } from '../layout/send-page.ts';
import { toStreamUrl } from '../live/stream-topic.ts';
import { findRun, type RunCache } from '../run-cache.ts';
import type { Signer } from '../security/signer.ts';
import type { Viewer, ViewerAccess } from '../security/viewer.ts';
import type { ReadPreview } from './artifact-routes.ts';
import { renderRunPage, runRegions } from './render-run.ts';

export interface RunPageDeps {
  readonly runs: Runs;
  /** Temporal's own UI; null when there is none to link to. */
  readonly temporalUi: { readonly url: string; readonly namespace: string } | null;
  readonly runCache: RunCache;
  readonly signer: Signer;
  readonly readPreview: ReadPreview;
}

const toTemporalUrl = (ui: RunPageDeps['temporalUi'], workflowId: string): string | null =>
  ui === null
    ? null
    : `${ui.url.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(ui.namespace)}/workflows/${encodeURIComponent(workflowId)}`;

const toFormContext = (signer: Signer, viewer: Viewer, run: LiveRun): FormContext | null =>
  viewer.person === null
    ? null
    : {
        person: viewer.person,
        csrf: viewer.csrf,
        back: runUrl('', run.view.workflowId),
        conversation: run.view.conversation?.startsWith(`${consoleName}:`)
          ? run.view.conversation
          : mainConversation,
        scope: 'run',
        nonceOf: createNonceFor(signer, run),
      };

/** A run's page; null when there is no such run. */
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
    // Temporal is not responding. The page says so already, and leaves the attributes out.
    deps.runs.attributes(workflowId).catch(() => null),
    deps.readPreview(run.view.plan?.text ?? null),
    deps.readPreview(run.view.remaining?.text ?? null),
  ]);
  const page = {
    run,
    stale,
    audit,
    attributes,
    planText,
    remainingText,
    formContext: toFormContext(deps.signer, viewer, run),
    temporalUrl: toTemporalUrl(deps.temporalUi, workflowId),
  };
  return {
    title: runTitle(run.view),
    current: 'runs',
    content: renderRunPage(page),
    regions: runRegions(page),
  };
};

export const createRunRoute = (deps: RunPageDeps, access: ViewerAccess, sendPage: SendPage): Router => {
  const router = Router();
  router.get('/runs/:id', async (request, response) => {
    const viewer = access.resolve(request, response);
    const { id } = request.params;
    const page = await loadRunPage(deps, viewer, id);
    if (page !== null) {
      sendPage(request, response, viewer, page, toStreamUrl({ page: 'run', id }));
      return;
    }
    const found = await findRun(deps.runs, id);
    if ('workflowId' in found && found.workflowId !== id) {
      response.redirect(302, runUrl('', found.workflowId));
      return;
    }
    const text = 'problem' in found ? found.problem : `“${id.slice(0, 60)}” is not a run ID.`;
    response.status(404);
    sendPage(request, response, viewer, createMessagePage('Run not found', text));
  });
  return router;
};
