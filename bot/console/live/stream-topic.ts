import { isConversationName } from '../chat/entry.ts';

/** Which page a stream keeps current. */
export type StreamTopic =
  | { readonly page: 'chat'; readonly room: string }
  | { readonly page: 'runs'; readonly filter: string }
  | { readonly page: 'run'; readonly id: string };

export const toStreamUrl = (topic: StreamTopic): string =>
  `/console/stream?${new URLSearchParams({ ...topic })}`;

/** null for an address that no page has given. */
export const parseStreamTopic = (query: URLSearchParams): StreamTopic | null => {
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
