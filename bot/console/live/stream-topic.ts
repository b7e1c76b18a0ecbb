import { isConversationName } from '../chat/conversations.ts';

/** The page that a stream updates. */
export type StreamTopic =
  | { readonly page: 'chat'; readonly conversation: string }
  | { readonly page: 'runs'; readonly filter: string }
  | { readonly page: 'run'; readonly id: string };

export const toStreamUrl = (topic: StreamTopic): string =>
  `/console/stream?${new URLSearchParams({ ...topic })}`;

/** null for an unknown topic. */
export const parseStreamTopic = (query: URLSearchParams): StreamTopic | null => {
  const conversation = query.get('conversation') ?? '';
  const id = query.get('id') ?? '';
  switch (query.get('page')) {
    case 'chat':
      return isConversationName(conversation) ? { page: 'chat', conversation } : null;
    case 'runs':
      return { page: 'runs', filter: query.get('filter') ?? '/runs' };
    case 'run':
      return id === '' || id.length > 300 ? null : { page: 'run', id };
    default:
      return null;
  }
};
