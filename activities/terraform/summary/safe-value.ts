import { isIP } from 'node:net';
import { knownAfterApply } from './attribute-diff.ts';
import type { AttributePath } from './plan-json.ts';

/** Names under which even a number may be a secret. */
const secretName =
  /pass(word|wd|phrase|code)?|secret|token|credential|private_key|(api|access)_?key|(^|_)(pin|otp|salt)$/i;

/** Words that say what matters and that nobody takes for a password. */
const words = new Set(
  `* true false on off yes no none enabled disabled Enabled Disabled ENABLED DISABLED Suspended required optional
  REQUIRED OPTIONAL allow deny Allow Deny tcp udp icmp all -1 ingress egress inbound outbound Inbound Outbound
  Internet AES256 aws:kms private public public-read public-read-write authenticated-read aws-exec-read
  bucket-owner-read bucket-owner-full-control log-delivery-write allUsers allAuthenticatedUsers
  enforced inherited PAY_PER_REQUEST PROVISIONED KEYS_ONLY PERMANENT gp2 gp3 io1 io2 STANDARD GLACIER`.split(
    /\s+/,
  ),
);

/** Attributes whose strings have a narrow form of their own. */
const forms: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [
    /(^|_)(version|port|count|size|capacity|days|period|retention|timeout|memory|cpu|replicas)$/,
    /^\d{1,6}(\.\d{1,6}){0,3}$/,
  ],
  [
    /^(instance_type|instance_class|node_type|machine_type|vm_size|sku_name|sku|tier)$/,
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$/,
  ],
  [/^(region|location|zone|availability_zone)$/, /^[a-z]{2,12}(-?[a-z0-9]{1,12}){0,4}$/],
  [
    /^(image|image_uri)$/,
    /^[a-z0-9][a-z0-9./_-]{0,120}(:\d{1,5}\/[a-z0-9./_-]{1,120})?(:[\w.-]{1,60})?(@sha256:[0-9a-f]{64})?$/,
  ],
  [/^(ami|image_id)$/, /^ami-[0-9a-f]{8,17}$/],
  [/^(role|account_access|access_level|permission|permissions)$/, /^[A-Za-z][\w./-]{0,60}$/],
  // Those that AWS itself looks after.
  [/^(policy_arn|managed_policy_arns)$/, /^arn:aws[a-z-]*:iam::aws:policy\/[\w/+=,.@-]{1,100}$/],
  [/^commit(_sha)?$/, /^[0-9a-f]{7,40}$/],
];

const isCidr = (text: string): boolean => {
  const [address = '', bits = '', ...rest] = text.split('/');
  return rest.length === 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(bits);
};

const lastName = (path: AttributePath): string =>
  path.findLast((segment): segment is string => typeof segment === 'string') ?? '';

/** One scalar as people read it, or null where it may be a secret or is free text. */
const scalarWord = (path: AttributePath, value: unknown): string | null => {
  if (value === knownAfterApply) return 'known after apply';
  if (value === undefined || value === null || value === '') return 'none';
  if (typeof value === 'boolean') return String(value);
  const name = lastName(path);
  if (secretName.test(name)) return null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  if (words.has(value) || isCidr(value)) return value;
  if (!forms.some(([names, form]) => names.test(name) && form.test(value))) return null;
  return /^[0-9a-f]{40}$/.test(value) ? value.slice(0, 12) : value;
};

/** Stands for what is not shown, beside something that must be. */
export const hiddenValue = '…';
const listLength = 4;

/** A value as people read it, or null where it may be a secret or is free text. */
export const toSafeText = (path: AttributePath, value: unknown): string | null => {
  if (!Array.isArray(value)) return scalarWord(path, value);
  if (value.length === 0) return 'none';
  const shown = value.map((element) => scalarWord(path, element) ?? hiddenValue);
  if (shown.every((word) => word === hiddenValue)) return null;
  const distinct = [...new Set(shown)];
  return distinct.length <= listLength
    ? distinct.join(', ')
    : `${distinct.slice(0, listLength).join(', ')} and ${distinct.length - listLength} more`;
};
