// Runs in a page: everything that can be operated and has no name, and every id that stands twice.
(() => {
  const bad = [];
  for (const element of document.querySelectorAll(
    'a[href], button, summary, select, textarea, input:not([type=hidden]), progress',
  )) {
    const label =
      element.getAttribute('aria-label') ??
      [...(element.labels ?? [])].map((one) => one.textContent).join(' ');
    if (`${label} ${element.textContent}`.trim() === '')
      bad.push(`no name: ${element.outerHTML.slice(0, 120)}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) bad.push(`twice: ${id}`);
  for (const element of document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls]'))
    for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls'])
      for (const id of (element.getAttribute(name) ?? '').split(' ').filter(Boolean))
        if (!document.getElementById(id)) bad.push(`${name} names nothing: ${id}`);
  return bad;
})();
