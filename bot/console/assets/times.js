// Shows times in the reader's time zone, and counts running durations.

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

const formatAgo = (at) => {
  const past = at - Date.now();
  const [unit, size] = units.find(([, ms]) => Math.abs(past) >= ms) ?? ['minute', 60_000];
  const count = Math.trunc(past / size);
  return count === 0 ? 'now' : relative.format(count, unit);
};

const isToday = (date) => date.toDateString() === new Date().toDateString();

const formatElement = (element) => {
  const date = new Date(element.dateTime);
  if (element.dataset.style === 'ago') return formatAgo(date.getTime());
  if (element.dataset.style === 'clock' && isToday(date)) return clock.format(date);
  return full.format(date);
};

const formatDuration = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  if (d > 0) return h > 0 ? `${d}d ${h}h` : `${d}d`;
  if (h > 0) return m > 0 ? `${h}h ${m}m` : `${h}h`;
  return m > 0 ? (s > 0 ? `${m}m ${s}s` : `${m}m`) : `${s}s`;
};

const set = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** Updates every time below `root`. */
export const showTimes = (root = document) => {
  for (const element of root.querySelectorAll('time[data-style]')) set(element, formatElement(element));
  for (const element of root.querySelectorAll('[data-since]'))
    set(element, formatDuration(Date.now() - Number(element.dataset.since)));
};

/** Updates the page's times every second. */
export const startTimes = () => {
  showTimes();
  setInterval(() => document.hidden || showTimes(), 1000);
};
