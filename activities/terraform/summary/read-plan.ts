import type { PlanAction, PlanSummary } from '../../../workflows/contract/plan.ts';
import { type Choice, pickJson } from '../json/pick-json.ts';
import { createRedactor, type Redact } from '../secrets/redactor.ts';
import { createSensitiveValues } from '../secrets/sensitive-values.ts';
import { getAttributes } from './attributes.ts';
import { getChangeNotes } from './change-notes.ts';
import { createDriftTracker } from './external-changes.ts';
import { fitSummary, truncateList } from './fit-summary.ts';
import { formatAddress, formatChange, formatDrift } from './format-change.ts';
import { createPlanFacts } from './plan-facts.ts';
import type { ResourceChange } from './plan-json.ts';
import { getAction } from './plan-json.ts';
import { createRanking } from './ranking.ts';

/** What is read of `terraform show -json PLANFILE`; the rest is passed over. */
const taken =
  /^(format_version|terraform_version|errored|complete|applyable|variables\/[^/]+|resource_(drift|changes)\/\*|output_changes\/[^/]+|checks\/\*|configuration\/root_module\/variables\/[^/]+|prior_state\/values\/(outputs\/[^/]+|root_module(\/child_modules\/\*)*\/resources\/\*))$/;
const entered =
  /^(|variables|resource_(drift|changes)|output_changes|checks|configuration(\/root_module(\/variables)?)?|prior_state(\/values(\/outputs|\/root_module(\/child_modules(\/\*)?|\/resources)*)?)?)$/;

const choose = (path: readonly string[]): Choice => {
  const name = path.join('/');
  return taken.test(name) ? 'take' : entered.test(name) ? 'enter' : 'skip';
};

export interface PlanReading {
  readonly summary: PlanSummary;
  /** Hides every value that Terraform marks as sensitive anywhere in the plan. */
  readonly redact: Redact;
  /** A plan that Terraform wrote although making it failed: it must not be applied. */
  readonly errored: boolean;
}

/** Somebody else who wants to see every change, and the small parts by their path. */
export interface PlanVisitor {
  resource(resource: ResourceChange): void;
  part(path: readonly string[], value: unknown): void;
}

/** Reads a plan's JSON as it arrives. Holds the counts, the most dangerous changes, and the secrets. */
export const readPlan = async (json: AsyncIterable<Buffer>, witness?: PlanVisitor): Promise<PlanReading> => {
  const secrets = createSensitiveValues();
  const ranking = createRanking();
  const drift = createDriftTracker();
  const facts = createPlanFacts(secrets);

  const change = (resource: ResourceChange): void => {
    secrets.addMarked(resource.change.before, resource.change.before_sensitive);
    secrets.addMarked(resource.change.after, resource.change.after_sensitive);
    const action = getAction(resource);
    if (action === null) return;
    facts.count(resource, action);
    if (action === 'read') return;
    drift.planned(resource, action);
    const { address, type } = resource;
    const forcedBy = resource.change.replace_paths ?? [];
    const note = getChangeNotes(resource);
    ranking.add({ resource: { address, type }, action, forcedBy, note, ...getAttributes(resource) });
  };

  const picker = pickJson(choose, (path, value) => {
    if (path[0] === 'resource_changes') {
      change(value as ResourceChange);
      witness?.resource(value as ResourceChange);
    } else if (path[0] === 'resource_drift') {
      const resource = value as ResourceChange;
      secrets.addMarked(resource.change.before, resource.change.before_sensitive);
      secrets.addMarked(resource.change.after, resource.change.after_sensitive);
      drift.drifted(resource);
    } else {
      facts.see(path, value);
      witness?.part(path, value);
    }
  });
  for await (const chunk of json) picker.write(chunk);
  picker.end();

  const { counts, totals, outputs, failedChecks, hasChanges, errored } = facts.end();
  const scrub = createRedactor(secrets.values);
  const summary = fitSummary(
    {
      counts,
      changes: ranking.topChanges().map((draft) => formatChange(draft, scrub)),
      drift: truncateList(
        drift.found.map((item) => formatDrift(item, scrub)),
        10,
      ),
      outputs,
      failedChecks: truncateList(
        failedChecks.map((address) => formatAddress(address, scrub)),
        5,
      ),
      hasChanges,
    },
    totals as Readonly<Record<PlanAction, number>>,
  );
  return { summary, redact: scrub, errored };
};
