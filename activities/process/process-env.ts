import { delimiter } from 'node:path';
import type { Access } from './port.ts';

/** Environment variables by name. */
export type ProcessEnv = Readonly<Record<string, string | undefined>>;

/** Every command sees these: paths, language, proxies and certificates. */
const common =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.+|TZ|TMPDIR|TMP|TEMP|CI|NO_COLOR|XDG_.+|(https?|all|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SYSTEMROOT|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAMFILES.*)$/i;

/** Mirrors and caches of package managers. Their tokens belong in files such as ~/.npmrc. */
const packageManagers =
  /^(npm_config_.+|YARN_.+|PNPM_.+|COREPACK_.+|NVM_DIR|PYENV_.+|PIP_.+|UV_.+|POETRY_.+|GO(PATH|CACHE|MODCACHE|PROXY|PRIVATE|NOSUMDB|SUMDB|FLAGS|ROOT|BIN|TOOLCHAIN)|CARGO_.+|RUSTUP_.+|JAVA_HOME|MAVEN_.+|GRADLE_.+|BUNDLE_.+|GEM_.+|DOTNET_.+|NUGET_.+)$/i;

const repository = /^(SSH_AUTH_SOCK|SSH_AGENT_PID|GIT_.+|GITHUB_TOKEN|GCM_.+)$/;

const image =
  /^(DOCKER_.+|BUILDKIT_.+|BUILDAH_.+|STORAGE_.+|CONTAINERS_.+|CONTAINER_HOST|REGISTRY_AUTH_FILE|_CONTAINERS_.+)$/;

/** Quarterdeck's own variables. No command sees them. */
const quarterdeck =
  /^(SLACK_.+|MicrosoftApp.+|TEAMS_.+|TEMPORAL_.+|ENCRYPT(ION|_PAYLOADS).*|CODEC_.+|DATABASE_URL|SPACELIFT_(API_KEY|WEBHOOK)_.+|GITHUB_WEBHOOK_SECRET|GITHUB_TOKEN|LS_AUTH_TOKEN|QUARTERDECK_.+|NODE_OPTIONS|npm_(lifecycle|package|command|execpath|node_execpath).*)$/i;

const allowed: Record<Access, (name: string) => boolean> = {
  build: (name) => common.test(name) || packageManagers.test(name),
  repository: (name) => common.test(name) || repository.test(name),
  image: (name) => common.test(name) || image.test(name),
  // Terraform providers read hundreds of variables, so this is a list of exclusions.
  cloud: (name) => !quarterdeck.test(name),
};

/** `npm start` sets these for Quarterdeck's repository, and the command builds another one. */
const fromNpmRun = /^npm_config_(local_prefix|global_prefix|prefix|user_agent|node_gyp|init_module)$/i;

const withoutOwnPrograms = (path: string): string =>
  path
    .split(delimiter)
    .filter((folder) => !/[/\\](node_modules[/\\][.]bin|node-gyp-bin)$/.test(folder))
    .join(delimiter);

const looksSecret = /TOKEN|SECRET|PASSWORD|_AUTH/i;

/**
 * The environment variables of a command: those of the worker that its access allows. Install and test
 * lines run code from a repository, so they get no credentials, and none in package managers' settings.
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
