// Makes an element look like another one while keeping what people are doing in it: focus, typed text,
// and whatever they have opened or shut.

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || null : null);

const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

const isKept = (element, name) =>
  name === 'open'
    ? element.matches('details[data-touched]')
    : name === 'data-touched' || name === 'aria-busy';

const copyAttributes = (from, to) => {
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && !isKept(from, name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes)
    if (from.getAttribute(name) !== value && !isKept(from, name)) from.setAttribute(name, value);
};

const isTypedInto = (element) => element.matches('textarea, select, input:not([type=hidden])');

const morphChildren = (from, to) => {
  const wanted = [...to.childNodes];
  let at = from.firstChild;
  for (const node of wanted) {
    let match = at;
    while (match && !alike(match, node)) match = match.nextSibling;
    if (!match) {
      from.insertBefore(node, at);
      continue;
    }
    while (at !== match) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    at = match.nextSibling;
    morph(match, node);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
};

/** Changes `from` into `to`, touching only what differs. */
export const morph = (from, to) => {
  if (from.isEqualNode(to)) return;
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  copyAttributes(from, to);
  if (isTypedInto(from)) return;
  morphChildren(from, to);
};
