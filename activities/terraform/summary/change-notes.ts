import type { ResourceChange } from './plan-json.ts';
import { unknownActions } from './plan-json.ts';

const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'tainted: its last creation did not finish',
  replace_by_request: 'its replacement was asked for',
  replace_by_triggers: 'replaced because of what it depends on',
  delete_because_no_resource_config: 'no longer in the code',
  delete_because_no_module: 'its module is no longer in the code',
  delete_because_wrong_repetition: 'count or for_each was added or taken away',
  delete_because_count_index: 'its count is lower now',
  delete_because_each_key: 'its key is no longer in for_each',
  delete_because_no_move_target: 'moved to an address that is not in the code',
};

const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** What is lost for good with a resource that goes away. */
const losses = ({ change: { actions, before } }: ResourceChange): readonly string[] => {
  if (!actions.includes('delete') || typeof before !== 'object' || before === null) return [];
  const settings = before as Record<string, unknown>;
  return [
    ...(isTrue(settings.skip_final_snapshot) ? ['no final snapshot is kept'] : []),
    ...(isTrue(settings.force_destroy) ? ['with everything in it (force_destroy)'] : []),
  ];
};

/** What is said beside a resource, before the secrets that may be in it are known. */
export interface ChangeNotes {
  readonly phrases: readonly string[];
  readonly movedFrom: string | null;
  readonly importedAs: string | null;
}

export const getChangeNotes = (resource: ResourceChange): ChangeNotes => {
  const { previous_address: from, change } = resource;
  const reason = reasons[resource.action_reason ?? ''];
  return {
    phrases: [
      ...(resource.deposed ? ['left over from an earlier replacement'] : []),
      ...unknownActions(resource).map((action) => `Terraform calls this "${action}"`),
      ...(change.actions.includes('forget') ? ['stays, but Terraform no longer looks after it'] : []),
      ...(reason ? [reason] : []),
      ...losses(resource),
      ...(change.importing && !change.importing.id ? ['imported'] : []),
    ],
    movedFrom: from !== undefined && from !== resource.address ? from : null,
    importedAs: change.importing?.id ?? null,
  };
};
