import { isIP } from 'node:net';
import { knownAfterApply } from './attribute-diff.ts';
import type { AttributePath } from './plan-json.ts';

/** Attribute names whose values may be secret, even numbers. */
const secretName =
  /pass(word|wd|phrase|code)?|secret|token|credential|private_key|(api|access)_?key|(^|_)(pin|otp|salt)$/i;

/** Values that are informative and cannot be a password. */
const safeValues = new Set(
  `* true false on off yes no none enabled disabled Enabled Disabled ENABLED DISABLED Suspended required optional
  REQUIRED OPTIONAL allow deny Allow Deny tcp udp icmp all -1 ingress egress inbound outbound Inbound Outbound
  Internet AES256 aws:kms private public public-read public-read-write authenticated-read aws-exec-read
  bucket-owner-read bucket-owner-full-control log-delivery-write allUsers allAuthenticatedUsers
  enforced inherited PAY_PER_REQUEST PROVISIONED KEYS_ONLY PERMANENT gp2 gp3 io1 io2 STANDARD GLACIER`.split(
    /\s+/,
  ),
);

/** Attributes whose values have a strict format. */
const formats: readonly (readonly [name: RegExp, value: RegExp])[] = [
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
  // Policies that AWS manages.
  [/^(policy_arn|managed_policy_arns)$/, /^arn:aws[a-z-]*:iam::aws:policy\/[\w/+=,.@-]{1,100}$/],
  [/^commit(_sha)?$/, /^[0-9a-f]{7,40}$/],
];

const isCidr = (text: string): boolean => {
  const [address = '', bits = '', ...rest] = text.split('/');
  return rest.length === 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(bits);
};

const getLastName = (path: AttributePath): string =>
  path.findLast((segment): segment is string => typeof segment === 'string') ?? '';

/** The text for one scalar; null when it may be secret or is free text. */
const toSafeScalar = (path: AttributePath, value: unknown): string | null => {
  if (value === knownAfterApply) return 'known after apply';
  if (value === undefined || value === null || value === '') return 'none';
  if (typeof value === 'boolean') return String(value);
  const name = getLastName(path);
  if (secretName.test(name)) return null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  if (safeValues.has(value) || isCidr(value)) return value;
  if (!formats.some(([names, format]) => names.test(name) && format.test(value))) return null;
  return /^[0-9a-f]{40}$/.test(value) ? value.slice(0, 12) : value;
};

/** Stands for a value that is not shown, next to one that is. */
export const hiddenValue = '…';
const maxElements = 4;

/** The text for a value; null when it may be secret or is free text. A list shows at most 4 distinct elements. */
export const toSafeText = (path: AttributePath, value: unknown): string | null => {
  if (!Array.isArray(value)) return toSafeScalar(path, value);
  if (value.length === 0) return 'none';
  const shown = value.map((element) => toSafeScalar(path, element) ?? hiddenValue);
  if (shown.every((text) => text === hiddenValue)) return null;
  const distinct = [...new Set(shown)];
  return distinct.length <= maxElements
    ? distinct.join(', ')
    : `${distinct.slice(0, maxElements).join(', ')} and ${distinct.length - maxElements} more`;
};
