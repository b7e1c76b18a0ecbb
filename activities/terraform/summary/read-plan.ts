import type { PlanSummary } from '../../../workflows/contract/plan.ts';
import type { Redact } from '../../process/redact.ts';
import { type Choice, pickJson } from '../json/pick-json.ts';
import { createRedactor } from '../secrets/redactor.ts';
import { createSensitiveValues } from '../secrets/sensitive-values.ts';
import { getAttributes } from './attributes.ts';
import { getChangeNotes } from './change-notes.ts';
import { createExternalChangeTracker } from './external-changes.ts';
import { fitSummary, truncateList } from './fit-summary.ts';
import { formatAddress, formatChange, formatExternalChange } from './format-change.ts';
import { createPlanFacts } from './plan-facts.ts';
import { getAction, type ResourceChange } from './plan-json.ts';
import { createRanking } from './ranking.ts';

/** The parts of `terraform show -json PLANFILE` that are parsed; the others are skipped. */
const takenPaths =
  /^(format_version|terraform_version|errored|complete|applyable|variables\/[^/]+|resource_(drift|changes)\/\*|output_changes\/[^/]+|checks\/\*|configuration\/root_module\/variables\/[^/]+|prior_state\/values\/(outputs\/[^/]+|root_module(\/child_modules\/\*)*\/resources\/\*))$/;
const enteredPaths =
  /^(|variables|resource_(drift|changes)|output_changes|checks|configuration(\/root_module(\/variables)?)?|prior_state(\/values(\/outputs|\/root_module(\/child_modules(\/\*)?|\/resources)*)?)?)$/;

const choose = (path: readonly string[]): Choice => {
  const name = path.join('/');
  return takenPaths.test(name) ? 'take' : enteredPaths.test(name) ? 'enter' : 'skip';
};

/** What `readPlan` learns from a plan. */
export interface PlanReading {
  readonly summary: PlanSummary;
  /** Redacts every value that Terraform marks as sensitive anywhere in the plan. */
  readonly redact: Redact;
  /** Terraform wrote this plan although planning failed: it must not be applied. */
  readonly errored: boolean;
}

/** Sees the plan while it is read: every resource change, and the small parts by their path. */
export interface PlanVisitor {
  resource(resource: ResourceChange): void;
  part(path: readonly string[], value: unknown): void;
}

const maxExternalChanges = 10;
const maxFailedChecks = 5;

/**
 * Reads the JSON of a plan as it arrives. Keeps only counts, the most dangerous changes, and secrets, so a plan may be
 * larger than memory. Rejects when the document is incomplete or not a plan.
 */
export const readPlan = async (json: AsyncIterable<Buffer>, visitor?: PlanVisitor): Promise<PlanReading> => {
  const secrets = createSensitiveValues();
  const ranking = createRanking();
  const externalChanges = createExternalChangeTracker();
  const facts = createPlanFacts(secrets);

  const collectSecrets = ({ change }: ResourceChange): void => {
    secrets.addMarked(change.before, change.before_sensitive);
    secrets.addMarked(change.after, change.after_sensitive);
  };

  const takeChange = (resource: ResourceChange): void => {
    collectSecrets(resource);
    visitor?.resource(resource);
    const action = getAction(resource);
    if (action === null) return;
    facts.count(resource, action);
    if (action === 'read') return;
    externalChanges.addPlanned(resource, action);
    const { address, type, change } = resource;
    const forcedBy = change.replace_paths ?? [];
    const notes = getChangeNotes(resource);
    ranking.add({ resource: { address, type }, action, forcedBy, notes, ...getAttributes(resource) });
  };

  const picker = pickJson(choose, (path, value) => {
    if (path[0] === 'resource_changes') takeChange(value as ResourceChange);
    else if (path[0] === 'resource_drift') {
      collectSecrets(value as ResourceChange);
      externalChanges.addDrift(value as ResourceChange);
    } else {
      facts.takePart(path, value);
      visitor?.part(path, value);
    }
  });
  for await (const chunk of json) picker.write(chunk);
  picker.end();

  const { counts, totals, outputs, failedChecks, hasChanges, errored } = facts.end();
  const redact = createRedactor(secrets.values);
  const summary = fitSummary(
    {
      counts,
      changes: ranking.topChanges().map((draft) => formatChange(draft, redact)),
      drift: truncateList(
        externalChanges.found.map((change) => formatExternalChange(change, redact)),
        maxExternalChanges,
      ),
      outputs,
      failedChecks: truncateList(
        failedChecks.map((address) => formatAddress(address, redact)),
        maxFailedChecks,
      ),
      hasChanges,
    },
    totals,
  );
  return { summary, redact, errored };
};
