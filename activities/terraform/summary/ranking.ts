import type { PlanAction } from '../../../workflows/contract/plan.ts';
import type { AttributeDraft } from './attributes.ts';
import type { ChangeNotes } from './change-notes.ts';
import type { AttributePath, ResourceChange } from './plan-json.ts';

/** A change before redaction: the plan's secrets are known only after the whole plan was read. */
export interface ChangeDraft {
  readonly resource: Pick<ResourceChange, 'address' | 'type'>;
  readonly action: PlanAction;
  readonly forcedBy: readonly AttributePath[];
  readonly attributes: readonly AttributeDraft[];
  /** How many attributes are not listed. */
  readonly more: number;
  readonly notes: ChangeNotes;
}

/** Shown in this order: what may be lost, then what becomes risky, then the rest. */
type Tier = 'loss' | 'risk' | 'rest';

const order: Readonly<Record<PlanAction, number>> = {
  destroy: 0,
  replace: 1,
  forget: 2,
  change: 3,
  import: 4,
  move: 5,
  create: 6,
};

const isLoss = (action: PlanAction): boolean => order[action] <= order.forget;

const getTier = ({ action, attributes }: ChangeDraft): Tier => {
  if (isLoss(action)) return 'loss';
  return attributes.some(({ risky }) => risky) ? 'risk' : 'rest';
};

/** Types of resources that hold data, which the code alone cannot restore. */
const statefulTypes =
  /db|database|rds|sql|bucket|storage|dynamo|table|volume|disk|file_system|efs|cache|redis|cluster|kms|key|secret|snapshot|backup|vault|zone|pool|repository|registry|queue|stream|topic|search|warehouse|log_group/;

/** Lower is more dangerous: by action, and stateful resources first. */
const getRank = ({ action, resource }: ChangeDraft): number =>
  order[action] * 2 + (isLoss(action) && statefulTypes.test(resource.type) ? 0 : 1);

/** The number of changes that a card can show; `fit-summary.ts` also limits their bytes. */
const maxChanges = 40;
/** Risky changes are shown even next to hundreds of destroys. */
const reservedForRisk = 10;

interface RankedDraft {
  readonly rank: number;
  readonly draft: ChangeDraft;
}

/** Keeps the most dangerous of any number of changes. Changes of equal rank keep Terraform's order. */
export interface Ranking {
  add(draft: ChangeDraft): void;
  /** At most 40, the most dangerous first. */
  topChanges(): readonly ChangeDraft[];
}

/** Starts empty. Memory stays bounded: at most 40 drafts in each tier. */
export const createRanking = (): Ranking => {
  const tiers: Record<Tier, RankedDraft[]> = { loss: [], risk: [], rest: [] };
  return {
    add(draft) {
      const tier = tiers[getTier(draft)];
      const rank = getRank(draft);
      if (tier.length === maxChanges && rank >= (tier.at(-1)?.rank ?? 0)) return;
      const index = tier.findLastIndex((entry) => entry.rank <= rank) + 1;
      tier.splice(index, 0, { rank, draft });
      if (tier.length > maxChanges) tier.pop();
    },
    topChanges() {
      const losses = tiers.loss.slice(0, maxChanges - Math.min(tiers.risk.length, reservedForRisk));
      const risks = tiers.risk.slice(0, maxChanges - losses.length);
      const rest = tiers.rest.slice(0, maxChanges - losses.length - risks.length);
      return [...losses, ...risks, ...rest].map(({ draft }) => draft);
    },
  };
};
