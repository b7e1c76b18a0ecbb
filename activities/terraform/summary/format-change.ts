import type { AttributeChange, PlanChange } from '../../../workflows/contract/plan.ts';
import type { Redact } from '../../process/redact.ts';
import type { ExternalChange } from './external-changes.ts';
import type { AttributePath } from './plan-json.ts';
import type { ChangeDraft } from './ranking.ts';

const maxAddressLength = 200;
const maxNameLength = 100;

/** Shortens in the middle: the beginning of an address says what it is, the end which one. */
const truncateMiddle = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  // Remove half of a surrogate pair: it is not valid text.
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`.replace(
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
    '',
  );
};

/** Redacts only the keys of an address: types and names are in the code, where no secret can be. */
export const formatAddress = (address: string, redact: Redact): string =>
  truncateMiddle(
    address.replace(/\["(?:[^"\\]|\\.)*"\]/g, (key) => `["${redact(key.slice(2, -2))}"]`),
    maxAddressLength,
  );

/** The provider defines the first segment. The others may be keys of a map, and so data. */
const formatPath = ([first, ...rest]: AttributePath, redact: Redact): string =>
  truncateMiddle(
    [String(first ?? ''), ...rest.map((segment) => redact(String(segment)))].join('.'),
    maxNameLength,
  );

const formatNote = ({ notes, more }: ChangeDraft, redact: Redact): string | null => {
  const { phrases, movedFrom, importedAs } = notes;
  const parts = [
    ...phrases,
    ...(movedFrom === null ? [] : [`moved from ${formatAddress(movedFrom, redact)}`]),
    ...(importedAs === null ? [] : [`imported as ${truncateMiddle(redact(importedAs), maxNameLength)}`]),
    ...(more > 0 ? [`${more} more attributes`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : null;
};

/** The change for the summary. Needs all secrets of the plan, so it is called after the whole plan was read. */
export const formatChange = (draft: ChangeDraft, redact: Redact): PlanChange => ({
  address: formatAddress(draft.resource.address, redact),
  action: draft.action,
  forcedBy: [...new Set(draft.forcedBy.map((path) => formatPath(path, redact)))].slice(0, 6),
  attributes: draft.attributes.map(
    ({ path, values, risky }): AttributeChange => ({
      name: formatPath(path, redact),
      values: values && { before: redact(values.before), after: redact(values.after) },
      risky,
    }),
  ),
  note: formatNote(draft, redact),
});

/** "aws_instance.web (tags, ami)" or "aws_instance.web (deleted)". */
export const formatExternalChange = ({ address, attributes }: ExternalChange, redact: Redact): string => {
  const names = attributes?.slice(0, 4).map((path) => formatPath(path, redact));
  return `${formatAddress(address, redact)} (${names?.join(', ') ?? 'deleted'})`;
};
