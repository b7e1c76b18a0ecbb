import type { Card } from '../cards/card.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform, PostKey, ThreadPost } from '../platform/platform.ts';

/** A message as the pretended chat holds it. */
export interface FakeMessage {
  readonly ref: string;
  readonly to: string;
  readonly key: PostKey;
  card: Card;
  readonly replies: { readonly key: PostKey; readonly post: ThreadPost }[];
}

type Call = 'post' | 'edit' | 'reply';

/** A chat in memory that can be made to fail, also after it has taken a message. */
export const createFakePlatform = (name = 'fake') => {
  const messages: FakeMessage[] = [];
  const calls: Call[] = [];
  const faults: { readonly on: Call; readonly after: boolean; readonly error: Error }[] = [];
  let away: (() => Error) | null = null;

  const meet = (call: Call, after: boolean): void => {
    if (!after) calls.push(call);
    if (away !== null && !after) throw away();
    const at = faults.findIndex((fault) => fault.on === call && fault.after === after);
    const [fault] = at < 0 ? [] : faults.splice(at, 1);
    if (fault !== undefined) throw fault.error;
  };

  const find = (ref: string): FakeMessage => {
    const message = messages.find((one) => one.ref === ref);
    if (message === undefined) throw new ChatError('editing a message: it was deleted', 'not_found');
    return message;
  };

  const same = (one: PostKey, other: PostKey): boolean =>
    one.workflowId === other.workflowId && one.part === other.part;

  const platform: Platform = {
    name,
    messagesPerMinute: 10_000,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    unreadyReason: () => Promise.resolve(away === null ? null : 'it is away'),
    async post(to, card, key) {
      meet('post', false);
      const known = key.deliveryUncertain
        ? messages.find((one) => one.to === to && same(one.key, key))
        : undefined;
      if (known !== undefined) return known.ref;
      const message = { ref: `${name}-${calls.length}`, to, key, card, replies: [] };
      messages.push(message);
      meet('post', true);
      return message.ref;
    },
    async edit(ref, card) {
      meet('edit', false);
      find(ref).card = card;
      meet('edit', true);
    },
    async reply(ref, post, key) {
      meet('reply', false);
      const { replies } = find(ref);
      if (key.deliveryUncertain && replies.some((one) => same(one.key, key))) return;
      replies.push({ key, post });
      meet('reply', true);
    },
  };

  return {
    platform,
    messages,
    calls,
    /** The next call of this kind fails before, or after, it was done. */
    failNext: (on: Call, error: Error, after = false) => faults.push({ on, after, error }),
    /** From now on every call fails like this; null: it is back. */
    setAway: (error: (() => Error) | null) => {
      away = error;
    },
    remove: (ref: string) => {
      messages.splice(
        messages.findIndex((one) => one.ref === ref),
        1,
      );
    },
    said: (to: string) =>
      messages.filter((one) => one.to === to).flatMap((one) => one.replies.map(({ post }) => post.text)),
  };
};

export type FakePlatform = ReturnType<typeof createFakePlatform>;
