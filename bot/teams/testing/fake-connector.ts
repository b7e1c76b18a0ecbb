import express, { type RequestHandler, Router } from 'express';
import { asMember, type FakePerson } from './fake-people.ts';
import { pathOf } from './faults.ts';

export interface Call {
  readonly method: string;
  /** Under the service's address, decoded: `/v3/conversations/19:...@thread.tacv2/activities`. */
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | null;
  readonly at: number;
}

export interface FakeMessage {
  readonly conversationId: string;
  readonly id: string;
  readonly threadOf: string | null;
  /** As it is now, edits applied. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it at will.
  readonly activity: any;
  readonly edits: number;
}

interface ConnectorDeps {
  readonly tenantId: string;
  readonly people: readonly FakePerson[];
  readonly isToken: (token: string) => boolean;
  readonly faults: RequestHandler;
}

const pageSize = 3;
/** Teams counts a message in UTF-16. */
const maxBytes = 100 * 1024;

const problem = (code: string, message = code) => ({ error: { code, message } });

const splitId = (id: string) => {
  const [conversationId = '', thread] = id.split(';messageid=');
  return { conversationId, threadOf: thread ?? null };
};

/** The Bot Connector of Teams: takes messages, keeps them, and knows the members. */
export const createFakeConnector = ({ tenantId, people, isToken, faults }: ConnectorDeps) => {
  const calls: Call[] = [];
  const messages: FakeMessage[] = [];
  const router = Router();
  let last = 1_700_000_000_000;

  const note: RequestHandler = (request, _response, next) => {
    const { method, originalUrl, body } = request;
    const authorization = request.get('authorization') ?? null;
    calls.push({ method, path: pathOf(originalUrl), body, authorization, at: Date.now() });
    next();
  };

  const guard: RequestHandler = (request, response, next) => {
    const token = /^Bearer (\S+)$/.exec(request.get('authorization') ?? '')?.[1] ?? '';
    if (!isToken(token)) response.status(401).json(problem('Unauthorized'));
    else if (JSON.stringify(request.body ?? null).length * 2 > maxBytes)
      response.status(413).json(problem('MessageSizeTooBig'));
    else next();
  };

  const keep = (conversationId: string, threadOf: string | null, activity: unknown): string => {
    last += 1;
    messages.push({ conversationId, id: String(last), threadOf, activity, edits: 0 });
    return String(last);
  };

  router.use(express.json({ limit: '2mb' }), note, faults, guard);

  router.post('/v3/conversations', (request, response) => {
    const { channelData, members, activity } = request.body ?? {};
    const channel: string | undefined = channelData?.channel?.id;
    if (channel === undefined) {
      response.json({ id: `a:${members?.[0]?.id ?? 'none'}` });
      return;
    }
    const id = keep(channel, null, activity);
    response.status(201).json({ id: `${channel};messageid=${id}`, activityId: id });
  });

  const post: RequestHandler<{ conversation: string }> = (request, response) => {
    const { conversationId, threadOf } = splitId(request.params.conversation);
    response.status(201).json({ id: keep(conversationId, threadOf, request.body) });
  };
  router.post('/v3/conversations/:conversation/activities', post);
  router.post('/v3/conversations/:conversation/activities/:replyTo', post);

  router.put('/v3/conversations/:conversation/activities/:id', (request, response) => {
    const { conversationId } = splitId(request.params.conversation);
    const index = messages.findIndex(
      (one) => one.id === request.params.id && one.conversationId === conversationId,
    );
    const found = messages[index];
    if (found === undefined) {
      response.status(404).json(problem('ActivityNotFoundInConversation'));
      return;
    }
    messages[index] = { ...found, activity: request.body, edits: found.edits + 1 };
    response.json({ id: found.id });
  });

  const all = people.map((person) => asMember(person, tenantId));
  router.get('/v3/conversations/:conversation/members', (_request, response) => {
    response.json(all);
  });
  router.get('/v3/conversations/:conversation/members/:id', (request, response) => {
    const { id } = request.params;
    const found = all.find((one) => one.id === id || one.aadObjectId === id);
    if (found === undefined) response.status(404).json(problem('MemberNotFoundInConversation'));
    else response.json(found);
  });
  router.get('/v3/conversations/:conversation/pagedmembers', (request, response) => {
    const from = Number(request.query.continuationToken ?? 0);
    const next = from + pageSize;
    response.json({
      members: all.slice(from, next),
      ...(next < all.length ? { continuationToken: String(next) } : {}),
    });
  });

  return { router, calls, messages };
};
