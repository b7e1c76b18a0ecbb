import type { ServerResponse } from 'node:http';
import type { Html } from '../layout/html.ts';
import { getRegionId } from '../layout/layout.ts';

/** Updates one open page over a stream. */
export interface PagePusher {
  /** Sends each region that has changed since it was last sent; waits while the browser is not keeping up. */
  redraw(): Promise<void>;
  /** Keeps the connection open through proxies. */
  sendHeartbeat(): void;
}

type Connection = Pick<ServerResponse, 'write' | 'on' | 'writableEnded' | 'writableNeedDrain'>;

export const createPagePusher = (
  connection: Connection,
  load: () => Promise<readonly Html[]>,
  onError: (error: unknown) => void,
): PagePusher => {
  const sent = new Map<string, string>();
  let isDrawing = false;
  let isBehind = false;

  /** Stops when the buffer is full; the rest is rendered again after it drains. */
  const send = (regions: readonly Html[]): void => {
    for (const region of regions) {
      const html = region.toString();
      const id = getRegionId(region);
      if (connection.writableEnded) return;
      if (sent.get(id) === html) continue;
      if (connection.writableNeedDrain) {
        isBehind = true;
        return;
      }
      sent.set(id, html);
      connection.write(`event: region\ndata: ${JSON.stringify({ id, html })}\n\n`);
    }
  };

  const redraw = async (): Promise<void> => {
    isBehind = true;
    if (isDrawing) return;
    isDrawing = true;
    try {
      while (isBehind && !connection.writableNeedDrain && !connection.writableEnded) {
        isBehind = false;
        send(await load());
      }
    } finally {
      isDrawing = false;
    }
  };

  connection.on('drain', () => {
    if (isBehind) redraw().catch(onError);
  });

  return {
    redraw,
    sendHeartbeat() {
      if (!connection.writableNeedDrain) connection.write(': alive\n\n');
    },
  };
};
