import { getUnknownActions, type ResourceChange } from './plan-json.ts';

/**
 * Terraform's `action_reason` in words; the other reasons tell an approver nothing new.
 * @see https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */
const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'tainted: its last creation did not finish',
  replace_by_request: 'replacement was requested',
  replace_by_triggers: 'replaced because a dependency changed',
  delete_because_no_resource_config: 'no longer in the code',
  delete_because_no_module: 'its module is no longer in the code',
  delete_because_wrong_repetition: 'count or for_each was added or removed',
  delete_because_count_index: 'its count is lower now',
  delete_because_each_key: 'its key is no longer in for_each',
  delete_because_no_move_target: 'moved to an address that is not in the code',
};

const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** What is lost permanently when a resource is deleted. */
const getLosses = ({ change: { actions, before } }: ResourceChange): readonly string[] => {
  if (!actions.includes('delete') || typeof before !== 'object' || before === null) return [];
  const settings = before as Record<string, unknown>;
  return [
    ...(isTrue(settings.skip_final_snapshot) ? ['no final snapshot is kept'] : []),
    ...(isTrue(settings.force_destroy) ? ['with all its contents (force_destroy)'] : []),
  ];
};

/** Remarks on a change. Addresses and ids are not redacted yet: they may contain secrets of the plan. */
export interface ChangeNotes {
  /** Free of data. */
  readonly phrases: readonly string[];
  readonly movedFrom: string | null;
  readonly importedAs: string | null;
}

/** What an approver must know about a change, in addition to its action and attributes. */
export const getChangeNotes = (resource: ResourceChange): ChangeNotes => {
  const { previous_address: from, change } = resource;
  const reason = reasons[resource.action_reason ?? ''];
  return {
    phrases: [
      ...(resource.deposed ? ['left over from an earlier replacement'] : []),
      ...getUnknownActions(resource).map((action) => `unknown action "${action}"`),
      ...(change.actions.includes('forget') ? ['remains, but Terraform no longer manages it'] : []),
      ...(reason ? [reason] : []),
      ...getLosses(resource),
      ...(change.importing && !change.importing.id ? ['imported'] : []),
    ],
    movedFrom: from !== undefined && from !== resource.address ? from : null,
    importedAs: change.importing?.id ?? null,
  };
};
