import type { AttributeChange, PlanChange } from '../../../workflows/contract/plan.ts';
import type { Redact } from '../secrets/redactor.ts';
import type { Drift } from './external-changes.ts';
import type { AttributePath } from './plan-json.ts';
import type { ChangeDraft } from './ranking.ts';

/** Cuts in the middle: an address says what it is at its beginning and which one at its end. */
const truncateMiddle = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  // Never through a surrogate pair: half a character is not text any more.
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`.replace(
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
    '',
  );
};

const addressLength = 200;
const nameLength = 100;

/** In an address only a key may be data; type and name stand in the code, where no secret can be. */
export const formatAddress = (address: string, scrub: Redact): string =>
  truncateMiddle(
    address.replace(/\["(?:[^"\\]|\\.)*"\]/g, (key) => `["${scrub(key.slice(2, -2))}"]`),
    addressLength,
  );

/** The first name is the provider's; what is below may be a map's key, and so data. */
const showPath = ([first, ...rest]: AttributePath, scrub: Redact): string =>
  truncateMiddle(
    [String(first ?? ''), ...rest.map((segment) => scrub(String(segment)))].join('.'),
    nameLength,
  );

const showNote = ({ note, more }: ChangeDraft, scrub: Redact): string | null => {
  const words = [
    ...note.phrases,
    ...(note.movedFrom === null ? [] : [`moved from ${formatAddress(note.movedFrom, scrub)}`]),
    ...(note.importedAs === null
      ? []
      : [`imported as ${truncateMiddle(scrub(note.importedAs), nameLength)}`]),
    ...(more > 0 ? [`${more} more attributes`] : []),
  ];
  return words.length > 0 ? words.join('; ') : null;
};

/** A kept change as people see it, when all secrets of the plan are known. */
export const formatChange = (draft: ChangeDraft, scrub: Redact): PlanChange => ({
  address: formatAddress(draft.resource.address, scrub),
  action: draft.action,
  forcedBy: [...new Set(draft.forcedBy.map((path) => showPath(path, scrub)))].slice(0, 6),
  attributes: draft.attributes.map(
    ({ path, values, risky }): AttributeChange => ({
      name: showPath(path, scrub),
      values: values && { before: scrub(values.before), after: scrub(values.after) },
      risky,
    }),
  ),
  note: showNote(draft, scrub),
});

export const formatDrift = ({ address, attributes }: Drift, scrub: Redact): string => {
  const what =
    attributes
      ?.slice(0, 4)
      .map((path) => showPath(path, scrub))
      .join(', ') ?? 'deleted';
  return `${formatAddress(address, scrub)} (${what})`;
};
