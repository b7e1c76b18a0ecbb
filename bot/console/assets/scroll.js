// Keeps the newest message in view, unless the reader has scrolled away from it.

const end = () => document.querySelector('#end');

/** True when the end of the conversation is in view. */
export const isAtEnd = () => {
  const mark = end();
  return mark !== null && mark.getBoundingClientRect().bottom < innerHeight + 120;
};

export const toEnd = () => end()?.scrollIntoView({ block: 'end' });
