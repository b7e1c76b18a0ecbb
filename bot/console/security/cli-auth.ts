import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RequestHandler } from 'express';
import { HttpError } from './http-error.ts';
import { equalsConstantTime, randomToken } from './signer.ts';

/** The way in for the terminal on this machine: who can read the file may speak. */
export interface CliAuth {
  /** Writes a new token where only this user can read it. */
  writeToken(): Promise<void>;
  readonly check: RequestHandler;
}

const loopbackAddress = /^(::ffff:)?127\.|^::1$/;

export const createCliAuth = (file: string): CliAuth => {
  const token = randomToken();
  return {
    async writeToken() {
      await mkdir(dirname(file), { recursive: true });
      // A mode is that of a new file only: into an old one, others could look before it were shut.
      const fresh = `${file}.${randomToken()}`;
      await writeFile(fresh, `${token}\n`, { flag: 'wx', mode: 0o600 });
      await rename(fresh, file).catch(async (error: unknown) => {
        await rm(fresh, { force: true });
        throw error;
      });
    },
    check(request, _response, next) {
      const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const local =
        loopbackAddress.test(request.socket.remoteAddress ?? '') && request.headers.origin === undefined;
      if (!local) next(new HttpError(403, 'This door is for a terminal on this machine only.'));
      else if (!equalsConstantTime(given, token))
        next(new HttpError(401, `This needs the token in ${file}, which the bot writes when it starts.`));
      else next();
    },
  };
};
