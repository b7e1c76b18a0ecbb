// Submits forms without leaving the page, and handles the confirmation dialogs of the buttons.
import { toEnd } from './scroll.js';

const csrf = document.querySelector('meta[name=csrf]');

/** A page that was opened from another site has no token yet. */
const token = async () => {
  if (!csrf.content) {
    const response = await fetch('/console/token', { headers: { accept: 'application/json' } });
    csrf.content = (await response.json()).csrf;
  }
  return csrf.content;
};

let toastTimer;

/** Shows a short message; screen readers announce it. */
export const toast = (text, tone = 'neutral') => {
  const box = document.querySelector('#toast');
  box.textContent = text;
  box.dataset.tone = tone;
  box.dataset.shown = '';
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => delete box.dataset.shown, 8000);
};

const send = async (form) => {
  const response = await fetch(form.action, {
    method: 'POST',
    headers: { accept: 'application/json', 'x-csrf-token': await token() },
    body: new URLSearchParams(new FormData(form)),
  });
  const reply = await response.json();
  if (!response.ok) throw new Error(reply.error ?? `Request failed (HTTP ${response.status}).`);
  return reply;
};

const onSubmit = async (event) => {
  const form = event.target;
  if (!form.matches('form[data-live]')) return;
  event.preventDefault();
  // Ignore a second click while the first request is in flight.
  if (form.getAttribute('aria-busy') === 'true') return;
  form.setAttribute('aria-busy', 'true');
  try {
    const reply = await send(form);
    if (form.id === 'composer') {
      form.dispatchEvent(new CustomEvent('sent', { detail: reply }));
      toEnd();
    } else {
      toast(reply.summary, reply.tone);
      form.closest('details')?.removeAttribute('open');
    }
  } catch (error) {
    toast(
      error instanceof TypeError
        ? 'The console isn’t responding. Your command may not have been sent.'
        : error.message,
      'bad',
    );
  } finally {
    form.removeAttribute('aria-busy');
  }
};

const closeDetails = (details) => {
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
  if (close) closeDetails(close.closest('details'));
  const summary = event.target.closest('summary');
  // The reader has opened or closed it: live updates leave it as it is.
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
  if (event.key === 'Escape' && open) closeDetails(open);
};

export const startForms = () => {
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
