// Keeps the page current: the server sends a part whenever it looks different.
import { morph } from './morph.js';
import { isAtEnd, toEnd } from './scroll.js';
import { showTimes } from './times.js';

const state = document.querySelector('#link-state');

const say = (live) => {
  if (!state || state.dataset.live === String(live)) return;
  state.dataset.live = String(live);
  const word = document.createElement('span');
  word.dataset.state = live ? 'on' : 'off';
  word.textContent = live ? 'Live' : 'Reconnecting';
  state.replaceChildren(word);
};

/** What a card says in one sentence, for those who do not see it change. */
const speak = (element) => {
  const summary = element.querySelector('[data-summary]')?.dataset.summary;
  if (summary) document.querySelector('#spoken').textContent = summary;
};

const parse = (html) => {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content.firstElementChild;
};

const place = (element) => {
  const list = document.querySelector('#entries');
  if (!list || !element.matches('.entry')) return;
  const later = [...list.children].find((one) => Number(one.dataset.at) > Number(element.dataset.at));
  list.insertBefore(element, later ?? null);
};

/** Puts a part of the page in the place of the one with its id. */
export const applyRegion = ({ id, html }) => {
  const fresh = parse(html);
  if (!fresh) return;
  showTimes(fresh);
  const stay = isAtEnd();
  const present = document.getElementById(id);
  const before = present?.querySelector('[data-summary]')?.dataset.summary;
  if (present) morph(present, fresh);
  else place(fresh);
  const now = document.getElementById(id);
  if (now && now.querySelector('[data-summary]')?.dataset.summary !== before) speak(now);
  if (stay) toEnd();
};

/** Listens while somebody looks: a browser allows few streams, and hidden tabs need none. */
export const keepCurrent = () => {
  const address = document.body.dataset.stream;
  if (!address) return;
  let source = null;

  const open = () => {
    if (source) return;
    source = new EventSource(address);
    source.addEventListener('open', () => say(true));
    source.addEventListener('error', () => {
      say(false);
      // A refused stream is not tried again by the browser.
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
