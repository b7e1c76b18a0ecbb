// Adds to package-lock.json the packages for other systems that npm leaves out when the registry it was
// written from has none of them: `npm ci` refuses such a lock file, and on a Mac the tools would be missing.
// Run it after changing dependencies:  node scripts/tools/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Which system a package is for, by the words of its name. */
const systemOf = (name) => {
  const words = name.split(/[/-]/);
  const os = words.find((word) => systems.includes(word));
  const cpu = words.find((word) => processors.includes(word));
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : null;
  return {
    ...(cpu && { cpu: [cpu] }),
    ...(os === 'linux' && libc && { libc: [libc] }),
    ...(os && { os: [os] }),
  };
};

/** Optional packages that the lock file should name and does not: `[place, entry]`. */
export const missingEntries = (packages) =>
  Object.entries(packages).flatMap(([parent, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !packages[`${parent}/node_modules/${name}`] && !packages[`node_modules/${name}`])
      .map(([name, version]) => [
        `node_modules/${name}`,
        { version: version.replace(/^[\^~]/, ''), ...systemOf(name), ...(dev && { dev }), optional: true },
      ]),
  );

const place = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(place, 'utf8'));
  const added = missingEntries(lock.packages);
  const [own, ...others] = [...Object.entries(lock.packages), ...added];
  const sorted = others.sort(([left], [right]) => (left < right ? -1 : 1));
  lock.packages = Object.fromEntries([own, ...sorted]);
  writeFileSync(place, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${added.length} packages added`);
}
