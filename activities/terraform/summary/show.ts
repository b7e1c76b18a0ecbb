import type { AttributeChange, PlanChange } from '../../../workflows/contract/plan.ts';
import type { Scrub } from '../secrets/scrubber.ts';
import { cutMiddle } from './cut.ts';
import type { Drift } from './drift.ts';
import type { AttributePath } from './plan-json.ts';
import type { ChangeDraft } from './ranking.ts';

const addressLength = 200;
const nameLength = 100;

/** In an address only a key may be data; type and name stand in the code, where no secret can be. */
export const showAddress = (address: string, scrub: Scrub): string =>
  cutMiddle(
    address.replace(/\["(?:[^"\\]|\\.)*"\]/g, (key) => `["${scrub(key.slice(2, -2))}"]`),
    addressLength,
  );

/** The first name is the provider's; what is below may be a map's key, and so data. */
const showPath = ([first, ...rest]: AttributePath, scrub: Scrub): string =>
  cutMiddle([String(first ?? ''), ...rest.map((segment) => scrub(String(segment)))].join('.'), nameLength);

const showNote = ({ note, more }: ChangeDraft, scrub: Scrub): string | null => {
  const words = [
    ...note.words,
    ...(note.movedFrom === null ? [] : [`moved from ${showAddress(note.movedFrom, scrub)}`]),
    ...(note.importedAs === null ? [] : [`imported as ${cutMiddle(scrub(note.importedAs), nameLength)}`]),
    ...(more > 0 ? [`${more} more attributes`] : []),
  ];
  return words.length > 0 ? words.join('; ') : null;
};

/** A kept change as people see it, when all secrets of the plan are known. */
export const showChange = (draft: ChangeDraft, scrub: Scrub): PlanChange => ({
  address: showAddress(draft.resource.address, scrub),
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

export const showDrift = ({ address, attributes }: Drift, scrub: Scrub): string => {
  const what =
    attributes
      ?.slice(0, 4)
      .map((path) => showPath(path, scrub))
      .join(', ') ?? 'deleted';
  return `${showAddress(address, scrub)} (${what})`;
};
