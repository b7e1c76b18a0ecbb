import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { execa } from 'execa';

/** The process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

const readOr = (read: () => string): string => {
  try {
    return read();
  } catch {
    return ''; // the process has ended, or belongs to another user
  }
};

const listening = '0A';

/** The inodes of the sockets that listen on a port, from /proc/net. */
const findListeningSockets = (port: number): ReadonlySet<string> => {
  const lines = ['tcp', 'tcp6'].flatMap((file) =>
    readOr(() => readFileSync(`/proc/net/${file}`, 'utf8'))
      .split('\n')
      .slice(1),
  );
  const found = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => {
      return state === listening && Number.parseInt(local?.split(':')[1] ?? '', 16) === port;
    });
  return new Set(found.map((fields) => `socket:[${fields[9]}]`));
};

const listOpenFiles = (pid: string): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readOr(() => readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return [];
  }
};

const findOnLinux = (port: number): PortHolder | null => {
  const sockets = findListeningSockets(port);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const pid = pids.find((candidate) => listOpenFiles(candidate).some((file) => sockets.has(file)));
  if (!pid) return null;
  const command = readOr(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).split('\0')[0] ?? '';
  return { pid: Number(pid), name: basename(command) || 'a process' };
};

const findWithLsof = async (port: number): Promise<PortHolder | null> => {
  const { stdout } = await execa('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { reject: false });
  const [, pid, name] = /^p(\d+)\nc(.+)$/m.exec(stdout ?? '') ?? [];
  return pid && name ? { pid: Number(pid), name } : null;
};

/** The process that listens on a port; null when the system does not show it. */
export const findPortHolder = async (port: number): Promise<PortHolder | null> =>
  process.platform === 'linux' ? findOnLinux(port) : findWithLsof(port);
