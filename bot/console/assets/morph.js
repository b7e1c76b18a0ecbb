// Updates an element in place and keeps what the reader is doing in it: focus, typed text, and details
// that the reader has opened or closed.
import { Idiomorph } from './idiomorph.js';

const isTypedInto = (element) => element.matches('textarea, select, input:not([type=hidden])');

/** True for attributes that belong to the reader or to a script, not to the server's markup. */
const isKept = (name, element) =>
  (name === 'open' && element.matches('details[data-touched]')) ||
  name === 'data-touched' ||
  name === 'aria-busy' ||
  (name === 'value' && isTypedInto(element));

/** Idiomorph matches elements by id. `data-key` names an element within the closest element with an id. */
const setIds = (root) => {
  for (const element of root.querySelectorAll('[data-key]:not([id])'))
    element.id = `${element.parentElement.closest('[id]')?.id ?? ''}.${element.dataset.key}`;
};

/** Changes `current` into `next`. */
export const morph = (current, next) => {
  setIds(current);
  setIds(next);
  Idiomorph.morph(current, next, {
    callbacks: { beforeAttributeUpdated: (name, element) => !isKept(name, element) },
  });
};
