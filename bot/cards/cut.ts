import { plain } from './plain.ts';

/** At most `limit` characters, the end cut; never empty, for chats refuse or drop empty text. */
export const head = (text: string, limit: number): string => {
  const line = plain(text);
  if (line.trim() === '') return '–';
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`.toWellFormed();
};

/** Like `head`, but its line breaks stay. */
export const headOfLines = (text: string, limit: number): string => {
  const lines = text.split(/\r?\n/).map(plain).join('\n');
  if (lines.trim() === '') return '–';
  return lines.length <= limit ? lines : `${lines.slice(0, limit - 1)}…`.toWellFormed();
};
