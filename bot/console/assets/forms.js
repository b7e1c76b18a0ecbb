// Sends forms without leaving the page, and asks before what cannot be taken back.
import { toEnd } from './scroll.js';

const csrf = document.querySelector('meta[name=csrf]');

/** A page that was reached from elsewhere came without its token. */
const token = async () => {
  if (!csrf.content) {
    const answer = await fetch('/console/token', { headers: { accept: 'application/json' } });
    csrf.content = (await answer.json()).csrf;
  }
  return csrf.content;
};

let fading;

/** One sentence in a corner, also read aloud. */
export const toast = (text, tone = 'neutral') => {
  const box = document.querySelector('#toast');
  box.textContent = text;
  box.dataset.tone = tone;
  box.dataset.shown = '';
  clearTimeout(fading);
  fading = setTimeout(() => delete box.dataset.shown, 8000);
};

const send = async (form) => {
  const answer = await fetch(form.action, {
    method: 'POST',
    headers: { accept: 'application/json', 'x-csrf-token': await token() },
    body: new URLSearchParams(new FormData(form)),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error ?? 'That did not work.');
  return told;
};

const onSubmit = async (event) => {
  const form = event.target;
  if (!form.matches('form[data-live]')) return;
  event.preventDefault();
  // A second click while the first is on its way would only ask the same again.
  if (form.getAttribute('aria-busy') === 'true') return;
  form.setAttribute('aria-busy', 'true');
  try {
    const told = await send(form);
    if (form.id === 'composer') {
      form.dispatchEvent(new CustomEvent('said', { detail: told }));
      toEnd();
    } else {
      toast(told.summary, told.tone);
      form.closest('details')?.removeAttribute('open');
    }
  } catch (error) {
    toast(
      error instanceof TypeError
        ? 'The console does not answer. Nothing is known to be done.'
        : error.message,
      'bad',
    );
  } finally {
    form.removeAttribute('aria-busy');
  }
};

const shut = (details) => {
  details.open = false;
  details.querySelector('summary').focus();
};

const onClick = (event) => {
  const fill = event.target.closest('[data-fill]');
  if (fill)
    document
      .querySelector('#composer')
      ?.dispatchEvent(new CustomEvent('fill', { detail: fill.dataset.fill }));
  const close = event.target.closest('[data-close]');
  if (close) shut(close.closest('details'));
  const summary = event.target.closest('summary');
  // From here on it is the reader's: no redrawing opens or shuts it.
  if (summary) summary.parentElement.dataset.touched = '';
};

const onToggle = (event) => {
  const details = event.target;
  if (!details.matches('details.ask') || !details.open) return;
  for (const other of details.parentElement.querySelectorAll('details.ask[open]'))
    if (other !== details) other.open = false;
  details.querySelector('textarea, button')?.focus();
  details.scrollIntoView({ block: 'nearest' });
};

const onKey = (event) => {
  const open = event.target.closest?.('details.ask[open]');
  if (event.key === 'Escape' && open) shut(open);
};

export const keepForms = () => {
  document.addEventListener('submit', onSubmit);
  document.addEventListener('click', onClick);
  document.addEventListener('toggle', onToggle, true);
  document.addEventListener('keydown', onKey);
  document.querySelector('[data-submit]')?.addEventListener('change', async (event) => {
    const { form } = event.target;
    form.elements.csrf.value = await token();
    form.submit();
  });
};
