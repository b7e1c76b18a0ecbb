import type { PlanAction } from '../../../workflows/contract/plan.ts';
import type { AttributeDraft } from './attributes.ts';
import type { ChangeNotes } from './change-notes.ts';
import type { AttributePath, ResourceChange } from './plan-json.ts';

/** A change as it is kept until the whole plan was seen. */
export interface ChangeDraft {
  readonly resource: Pick<ResourceChange, 'address' | 'type'>;
  readonly action: PlanAction;
  readonly forcedBy: readonly AttributePath[];
  readonly attributes: readonly AttributeDraft[];
  readonly more: number;
  readonly note: ChangeNotes;
}

/** What can go away must be seen before what is opened, and that before what is only new. */
const tiers = ['loss', 'risk', 'rest'] as const;
type Tier = (typeof tiers)[number];

const order: Readonly<Record<PlanAction, number>> = {
  destroy: 0,
  replace: 1,
  forget: 2,
  change: 3,
  import: 4,
  move: 5,
  create: 6,
};

const isRisky = (draft: ChangeDraft): boolean => draft.attributes.some(({ risky }) => risky);
const tierOf = (draft: ChangeDraft): Tier =>
  order[draft.action] <= order.forget ? 'loss' : isRisky(draft) ? 'risk' : 'rest';

/** Resources that hold something which code alone cannot bring back. */
const statefulTypes =
  /db|database|rds|sql|bucket|storage|dynamo|table|volume|disk|file_system|efs|cache|redis|cluster|kms|key|secret|snapshot|backup|vault|zone|pool|repository|registry|queue|stream|topic|search|warehouse|log_group/;

const weightOf = ({ action, resource }: ChangeDraft): number =>
  order[action] * 2 + (order[action] <= order.forget && statefulTypes.test(resource.type) ? 0 : 1);

/** Changes that a card can bear; a card is also bounded in bytes, see fit.ts. */
const most = 40;
/** Opened doors are seen even beside hundreds of destroys. */
const placesForRisk = 10;

interface Entry {
  readonly weight: number;
  readonly draft: ChangeDraft;
}

/** Keeps the first few of any number of changes, the most dangerous first, each tier in Terraform's order. */
export const createRanking = () => {
  const kept: Record<Tier, Entry[]> = { loss: [], risk: [], rest: [] };
  return {
    add(draft: ChangeDraft): void {
      const list = kept[tierOf(draft)];
      const weight = weightOf(draft);
      if (list.length === most && weight >= (list.at(-1)?.weight ?? 0)) return;
      const at = list.findLastIndex((entry) => entry.weight <= weight) + 1;
      list.splice(at, 0, { weight, draft });
      if (list.length > most) list.pop();
    },
    topChanges(): readonly ChangeDraft[] {
      const losses = kept.loss.slice(0, most - Math.min(kept.risk.length, placesForRisk));
      const risks = kept.risk.slice(0, most - losses.length);
      const rest = kept.rest.slice(0, most - losses.length - risks.length);
      return [...losses, ...risks, ...rest].map(({ draft }) => draft);
    },
  };
};
