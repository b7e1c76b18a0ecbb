import { isConversationName } from '../entry.ts';

/** Which page a stream keeps current. */
export type Topic =
  | { readonly page: 'chat'; readonly room: string }
  | { readonly page: 'runs'; readonly filter: string }
  | { readonly page: 'run'; readonly id: string };

export const streamAddress = (topic: Topic): string => `/console/stream?${new URLSearchParams({ ...topic })}`;

/** null for an address that no page has given. */
export const readTopic = (query: URLSearchParams): Topic | null => {
  const room = query.get('room') ?? '';
  const id = query.get('id') ?? '';
  switch (query.get('page')) {
    case 'chat':
      return isConversationName(room) ? { page: 'chat', room } : null;
    case 'runs':
      return { page: 'runs', filter: query.get('filter') ?? '/runs' };
    case 'run':
      return id === '' || id.length > 300 ? null : { page: 'run', id };
    default:
      return null;
  }
};
