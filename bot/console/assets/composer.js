// The command line: completion and history.
import { complete } from './complete.js';

const storageKey = 'quarterdeck.typed';
const maxHistory = 100;

const readHistory = () => {
  try {
    return JSON.parse(localStorage.getItem(storageKey)) ?? [];
  } catch {
    return [];
  }
};

export const startComposer = () => {
  const form = document.querySelector('#composer');
  if (!form) return;
  const input = form.elements.text;
  const list = form.querySelector('#choices');
  const completions = JSON.parse(form.dataset.completions);
  let history = readHistory();
  let at = history.length;
  let draft = '';
  let chosen = -1;

  const set = (text) => {
    input.value = text;
    input.setSelectionRange(text.length, text.length);
  };

  const hide = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const choose = (index) => {
    chosen = index;
    for (const [n, option] of [...list.children].entries())
      option.setAttribute('aria-selected', String(n === index));
    const option = list.children[index];
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  };

  const take = (index) => {
    const option = list.children[index];
    if (!option) return;
    set(option.dataset.line);
    show();
  };

  const draw = ({ line, word, about }, index) => {
    const option = document.createElement('li');
    option.id = `choice-${index}`;
    option.role = 'option';
    option.dataset.line = line;
    option.setAttribute('aria-selected', 'false');
    const name = document.createElement('b');
    name.textContent = word;
    const note = document.createElement('span');
    note.textContent = about;
    option.append(name, note);
    option.addEventListener('mousedown', (event) => {
      event.preventDefault();
      take(index);
    });
    return option;
  };

  const show = () => {
    const runs = [...document.querySelectorAll('#entries .card a[href^="/runs/"]')].map((link) => link.href);
    const found = complete(input.value, completions, runs);
    list.replaceChildren(...found.map(draw));
    chosen = -1;
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    input.removeAttribute('aria-activedescendant');
  };

  const recall = (step) => {
    if (at === history.length) draft = input.value;
    at = Math.min(history.length, Math.max(0, at + step));
    set(history[at] ?? draft);
    hide();
  };

  const keys = {
    ArrowUp: () => (chosen > 0 ? choose(chosen - 1) : chosen === 0 ? choose(-1) : recall(-1)),
    ArrowDown: () => {
      if (at < history.length) recall(1);
      else if (!list.hidden) choose(Math.min(chosen + 1, list.children.length - 1));
    },
    Escape: () => (list.hidden ? set('') : hide()),
  };

  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Tab' && !event.shiftKey && !list.hidden && input.value.trim() !== '') {
      event.preventDefault();
      take(Math.max(0, chosen));
    } else if (event.key === 'Enter' && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  input.addEventListener('input', () => {
    at = history.length;
    show();
  });
  input.addEventListener('blur', hide);
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-controls', 'choices');
  input.setAttribute('aria-autocomplete', 'list');
  hide();

  form.addEventListener('fill', ({ detail }) => {
    set(detail);
    input.focus();
    hide();
  });
  form.addEventListener('sent', ({ detail }) => {
    const line = input.value.trim();
    history = [...history.filter((one) => one !== line), line].slice(-maxHistory);
    at = history.length;
    localStorage.setItem(storageKey, JSON.stringify(history));
    form.elements.nonce.value = detail.nonce;
    set('');
    hide();
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
};
