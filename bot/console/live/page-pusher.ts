import type { ServerResponse } from 'node:http';
import type { Html } from '../layout/html.ts';
import { getRegionId } from '../layout/layout.ts';

/** Keeps one open page current. */
export interface PagePusher {
  /** Sends what looks different from what was sent before; later when the browser is not keeping up. */
  redraw(): Promise<void>;
  /** Tells the browser that the line is alive. */
  sendHeartbeat(): void;
}

type Line = Pick<ServerResponse, 'write' | 'on' | 'writableEnded' | 'writableNeedDrain'>;

export const createPagePusher = (
  line: Line,
  load: () => Promise<readonly Html[]>,
  failed: (error: unknown) => void,
): PagePusher => {
  const sent = new Map<string, string>();
  let drawing = false;
  let behind = false;

  /** Stops where the line is full; what is left is drawn anew when there is room. */
  const send = (regions: readonly Html[]): void => {
    for (const region of regions) {
      const html = region.toString();
      const id = getRegionId(region);
      if (line.writableEnded) return;
      if (sent.get(id) === html) continue;
      if (line.writableNeedDrain) {
        behind = true;
        return;
      }
      sent.set(id, html);
      line.write(`event: region\ndata: ${JSON.stringify({ id, html })}\n\n`);
    }
  };

  const redraw = async (): Promise<void> => {
    behind = true;
    if (drawing) return;
    drawing = true;
    try {
      while (behind && !line.writableNeedDrain && !line.writableEnded) {
        behind = false;
        send(await load());
      }
    } finally {
      drawing = false;
    }
  };

  line.on('drain', () => {
    if (behind) redraw().catch(failed);
  });

  return {
    redraw,
    sendHeartbeat() {
      if (!line.writableNeedDrain) line.write(': alive\n\n');
    },
  };
};
