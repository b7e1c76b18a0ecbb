/** Cuts in the middle: an address says what it is at its beginning and which one at its end. */
export const cutMiddle = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  // Never through a surrogate pair: half a character is not text any more.
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`.replace(
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
    '',
  );
};
