import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RequestHandler } from 'express';
import { Refused } from './refused.ts';
import { randomToken, sameText } from './sign.ts';

/** The way in for the terminal on this machine: who can read the file may speak. */
export interface TerminalDoor {
  /** Writes a new token where only this user can read it. */
  open(): Promise<void>;
  readonly check: RequestHandler;
}

const here = /^(::ffff:)?127\.|^::1$/;

export const createTerminalDoor = (file: string): TerminalDoor => {
  const token = randomToken();
  return {
    async open() {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${token}\n`, { mode: 0o600 });
      // The mode above is that of a new file only.
      await chmod(file, 0o600);
    },
    check(request, _response, next) {
      const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const local = here.test(request.socket.remoteAddress ?? '') && request.headers.origin === undefined;
      if (!local) next(new Refused(403, 'This door is for a terminal on this machine only.'));
      else if (!sameText(given, token))
        next(new Refused(401, `This needs the token in ${file}, which the bot writes when it starts.`));
      else next();
    },
  };
};
