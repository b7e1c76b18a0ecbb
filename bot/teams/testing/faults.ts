import type { RequestHandler } from 'express';

/** `lose-answer`: the request is carried out, and its answer is lost. */
export type Fault =
  | 'reset'
  | 'hang'
  | 'lose-answer'
  | { readonly status: number; readonly headers?: object; readonly body?: object };

export interface FaultMatch {
  readonly method?: string;
  /** Without it, what the Bot Connector is asked; else any path, as `calls` has them. */
  readonly path?: RegExp;
}

interface Planned {
  readonly match: FaultMatch;
  readonly fault: Fault;
  left: number;
}

/** The path as it is called in `calls`: decoded, and under the service's address. */
export const pathOf = (url: string): string => {
  const path = (url.split('?', 1)[0] ?? '').replace(/^\/teams(?=\/)/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

export const createFaults = () => {
  let planned: Planned[] = [];

  const take = (method: string, path: string): Fault | null => {
    const found = planned.find(
      ({ match }) =>
        (match.method ?? method).toUpperCase() === method && (match.path ?? /^\/v3\//).test(path),
    );
    if (found === undefined) return null;
    found.left -= 1;
    if (found.left <= 0) planned = planned.filter((one) => one !== found);
    return found.fault;
  };

  const middleware: RequestHandler = (request, response, next) => {
    const fault = take(request.method, pathOf(request.originalUrl));
    if (fault === null) return next();
    if (fault === 'hang') return;
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    if (fault === 'lose-answer') {
      response.json = () => {
        request.socket.destroy();
        return response;
      };
      return next();
    }
    response
      .status(fault.status)
      .set({ ...fault.headers })
      .json(fault.body ?? { error: { code: 'Fault', message: 'made for a test' } });
  };

  return {
    middleware,
    add(match: FaultMatch, fault: Fault, times: number | 'always' = 1) {
      planned.push({ match, fault, left: times === 'always' ? Number.POSITIVE_INFINITY : times });
    },
    clear() {
      planned = [];
    },
  };
};
