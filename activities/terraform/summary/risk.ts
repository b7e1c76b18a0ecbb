import { type Difference, knownAfterApply } from './attribute-diff.ts';
import type { AttributePath } from './plan-json.ts';

interface RiskContext {
  /** The resource is new, so no existing object loses its protection. */
  readonly creates: boolean;
  readonly type: string;
}

/** Whether one attribute's change is risky. `names` is its path in lowercase, joined by dots, without indexes. */
type Rule = (names: string, before: unknown, after: unknown, context: RiskContext) => boolean;

const isOn = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && /^(true|on|yes|enabled|required|enforced)$/i.test(value));
const isOff = (value: unknown): boolean => value !== knownAfterApply && !isOn(value);
const turnsOn = (before: unknown, after: unknown): boolean => isOn(after) && !isOn(before);
const turnsOff = (before: unknown, after: unknown): boolean => isOn(before) && isOff(after);
const toNumber = (value: unknown): number | null =>
  typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null;
const toElements = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Settings that protect, hide, encrypt, log or retain: risky when switched off. */
const guards =
  /(deletion|termination|delete|purge)_protection|disable_api_(termination|stop)|block_public|restrict_public|ignore_public|public_access_prevention|encrypt|kms_key|key_rotation|versioning|point_in_time_recovery|mfa_|multi_az|https_only|(enforce|require)_(ssl|tls)|ssl_enforcement|log_file_validation|soft_delete|(^|[._])(enable_)?logging|backup|waf|firewall/;
/** Settings that destroy or expose: risky when switched on. */
const dangers =
  /skip_final_snapshot|force_destroy|force_delete|allow_overwrite|public(ly)?_(access(ible)?|ip|network)|(associate|map)_public|assign_public|endpoint_public_access|allow_.*_public|allow_major_version_upgrade|privileged|insecure|skip_.*(verif|check)/;
const publicGuards =
  /block_public|restrict_public|ignore_public|public_access_prevention|(disable|deny)_public/;
/** Numbers of running instances. */
const counts =
  /(^|[._])(desired_(count|capacity|size)|min_(size|capacity|instances|replicas|count)|max_(size|capacity|instances|replicas)|replicas|(instance|node|replica|task|worker)_count|count|num_\w+|number_of_\w+)$/;
/** Values that give access to everyone. */
const exposed = new Set([
  'public-read',
  'public-read-write',
  'authenticated-read',
  'allUsers',
  'allAuthenticatedUsers',
]);
/** Roles and policies with full rights. */
const fullRights =
  /^(roles\/)?(owner|admin|administrator|superuser|root)$|(Administrator|PowerUser|IAMFull)Access$/i;
/** Attributes that grant a role or policy. */
const grants = /(^|[._])(\w*role|\w*access|access_level|permissions?|policy_arn|managed_policy_arns)$/;
const everywhere = new Set(['0.0.0.0/0', '::/0']);

const getAdded = (before: unknown, after: unknown): readonly unknown[] => {
  const old = new Set(toElements(before));
  return toElements(after).filter((element) => !old.has(element));
};

const isUnset = (value: unknown): boolean => value === undefined || value === null || value === '';

const rules: readonly Rule[] = [
  // A protection is switched off.
  (names, before, after) => guards.test(names) && turnsOff(before, after),
  // A removed block has no value at all, so it counts as switched off.
  (names, before, after) => guards.test(names) && !isUnset(before) && before !== false && isUnset(after),
  // A dangerous setting is switched on. A new resource has nothing to destroy yet.
  (names, before, after, { creates }) =>
    dangers.test(names) &&
    !publicGuards.test(names) &&
    turnsOn(before, after) &&
    !(creates && /skip_final|force_de|allow_(overwrite|major)/.test(names)),
  // A network range opens to the whole internet. New egress rules and routes commonly have it.
  (names, before, after, { creates, type }) =>
    getAdded(before, after).some((value) => everywhere.has(String(value))) &&
    !(creates && /egress|destination|route/.test(`${type} ${names}`)),
  // A wildcard or public access is added.
  (_, before, after) => getAdded(before, after).some((value) => value === '*' || exposed.has(String(value))),
  // A role or policy with full rights is granted.
  (names, before, after) =>
    grants.test(names) && getAdded(before, after).some((value) => fullRights.test(String(value))),
  // The last instance is removed, or data is retained for a shorter time.
  (names, before, after) => {
    const [old, current] = [toNumber(before), toNumber(after)];
    if (old === null || current === null || current >= old) return false;
    return (
      (current === 0 && counts.test(names)) ||
      /backup_?retention|retention_?(period|days)|recovery_window/.test(names)
    );
  },
];

const joinNames = (path: AttributePath): string =>
  path
    .filter((segment) => typeof segment === 'string')
    .join('.')
    .toLowerCase();

/** Whether a change widens access, removes a protection, shortens retention, or scales to zero. */
export const isRisky = ({ path, before, after }: Difference, context: RiskContext): boolean => {
  const names = joinNames(path);
  return rules.some((rule) => rule(names, before, after, context));
};
