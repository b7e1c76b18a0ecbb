import { delimiter } from 'node:path';
import type { Access } from './port.ts';

export type ProcessEnv = Readonly<Record<string, string | undefined>>;

/** What every command sees: where things are, the language, proxies and certificates. */
const plain =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.+|TZ|TMPDIR|TMP|TEMP|CI|NO_COLOR|XDG_.+|(https?|all|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SYSTEMROOT|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAMFILES.*)$/i;

/** Mirrors and caches of package managers. Their tokens belong into files such as ~/.npmrc. */
const packages =
  /^(npm_config_.+|YARN_.+|PNPM_.+|COREPACK_.+|NVM_DIR|PYENV_.+|PIP_.+|UV_.+|POETRY_.+|GO(PATH|CACHE|MODCACHE|PROXY|PRIVATE|NOSUMDB|SUMDB|FLAGS|ROOT|BIN|TOOLCHAIN)|CARGO_.+|RUSTUP_.+|JAVA_HOME|MAVEN_.+|GRADLE_.+|BUNDLE_.+|GEM_.+|DOTNET_.+|NUGET_.+)$/i;

const repository = /^(SSH_AUTH_SOCK|SSH_AGENT_PID|GIT_.+|GITHUB_TOKEN|GCM_.+)$/;

const image =
  /^(DOCKER_.+|BUILDKIT_.+|BUILDAH_.+|STORAGE_.+|CONTAINERS_.+|CONTAINER_HOST|REGISTRY_AUTH_FILE|_CONTAINERS_.+)$/;

/** What belongs to Quarterdeck itself. No command of any kind sees it. */
const ours =
  /^(SLACK_.+|MicrosoftApp.+|TEAMS_.+|TEMPORAL_.+|ENCRYPT(ION|_PAYLOADS).*|CODEC_.+|DATABASE_URL|SPACELIFT_(API_KEY|WEBHOOK)_.+|GITHUB_WEBHOOK_SECRET|GITHUB_TOKEN|LS_AUTH_TOKEN|QUARTERDECK_.+|NODE_OPTIONS|npm_(lifecycle|package|command|execpath|node_execpath).*)$/i;

const allowed: Record<Access, (name: string) => boolean> = {
  build: (name) => plain.test(name) || packages.test(name),
  repository: (name) => plain.test(name) || repository.test(name),
  image: (name) => plain.test(name) || image.test(name),
  // Providers read hundreds of variables, so here the list is of what is held back.
  cloud: (name) => !ours.test(name),
};

/** `npm start` tells its children about this repository; the repository being built is another. */
const fromNpmRun = /^npm_config_(local_prefix|global_prefix|prefix|user_agent|node_gyp|init_module)$/i;

const withoutOwnPrograms = (path: string): string =>
  path
    .split(delimiter)
    .filter((folder) => !/[/\\](node_modules[/\\][.]bin|node-gyp-bin)$/.test(folder))
    .join(delimiter);

const looksSecret = /TOKEN|SECRET|PASSWORD|_AUTH/i;

/**
 * The environment of a command: what its access allows of the worker's own. Install and test lines
 * run code that anybody may have pushed, so they get no credentials, also not those hidden among a
 * package manager's settings.
 */
export const createProcessEnv = (env: ProcessEnv, access: Access): Record<string, string> => {
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !allowed[access](name)) continue;
    if (access === 'build' && (looksSecret.test(name) || fromNpmRun.test(name))) continue;
    chosen[name] = name === 'PATH' && access === 'build' ? withoutOwnPrograms(value) : value;
  }
  return access === 'build' ? { ...chosen, CI: chosen.CI || 'true' } : chosen;
};
