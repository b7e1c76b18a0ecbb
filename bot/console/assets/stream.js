// Updates the page: the server sends each region that has changed.
import { Idiomorph } from './idiomorph.js';
import { isAtEnd, toEnd } from './scroll.js';
import { showTimes } from './times.js';

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

/** Changes `current` into `next`, and keeps focus, typed text and what the reader has opened or closed. */
const morph = (current, next) => {
  setIds(current);
  setIds(next);
  Idiomorph.morph(current, next, {
    callbacks: { beforeAttributeUpdated: (name, element) => !isKept(name, element) },
  });
};

const state = document.querySelector('#link-state');

const showState = (live) => {
  if (!state || state.dataset.live === String(live)) return;
  state.dataset.live = String(live);
  const label = document.createElement('span');
  label.dataset.state = live ? 'on' : 'off';
  label.textContent = live ? 'Live' : 'Reconnecting';
  state.replaceChildren(label);
};

/** Announces a card's summary to screen readers. */
const announce = (element) => {
  const summary = element.querySelector('[data-summary]')?.dataset.summary;
  if (summary) document.querySelector('#spoken').textContent = summary;
};

const parse = (html) => {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content.firstElementChild;
};

const insertEntry = (element) => {
  const list = document.querySelector('#entries');
  if (!list || !element.matches('.entry')) return;
  const later = [...list.children].find((one) => Number(one.dataset.at) > Number(element.dataset.at));
  list.insertBefore(element, later ?? null);
};

/** Replaces the region with the same id, or adds a new entry. */
export const applyRegion = ({ id, html }) => {
  const next = parse(html);
  if (!next) return;
  showTimes(next);
  const wasAtEnd = isAtEnd();
  const present = document.getElementById(id);
  const before = present?.querySelector('[data-summary]')?.dataset.summary;
  if (present) morph(present, next);
  else insertEntry(next);
  const now = document.getElementById(id);
  if (now && now.querySelector('[data-summary]')?.dataset.summary !== before) announce(now);
  if (wasAtEnd) toEnd();
};

/** Streams updates while the tab is visible: browsers limit the connections to one server. */
export const startStream = () => {
  const url = document.body.dataset.stream;
  if (!url) return;
  let source = null;

  const open = () => {
    if (source) return;
    source = new EventSource(url);
    source.addEventListener('open', () => showState(true));
    source.addEventListener('error', () => {
      showState(false);
      // Browsers do not retry a rejected stream.
      if (source?.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(() => document.hidden || open(), 3000);
      }
    });
    source.addEventListener('region', (event) => applyRegion(JSON.parse(event.data)));
  };
  const close = () => {
    source?.close();
    source = null;
  };

  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  if (!document.hidden) open();
};
