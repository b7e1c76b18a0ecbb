import { join } from 'node:path';
import { cacheProgram, goInstall, withBuildFolder } from './go-install.mjs';
import { findProgram } from './programs.mjs';
import { FixableError } from './reporter.mjs';

const version = '1.22.0';
const module = `github.com/open-policy-agent/opa@v${version}`;
/** How many packages an empty build cache compiles, from `go list -deps`. */
const packages = 770;

const getCachePath = (root) => join(root, '.quarterdeck', 'tools', 'opa');

const find = ({ root, env }) =>
  env.OPA_BIN
    ? findProgram(env.OPA_BIN, env)
    : (findProgram('opa', env) ?? findProgram(getCachePath(root), env));

const bring = (context) =>
  withBuildFolder(getCachePath(context.root), async (folder) => {
    const operation = `building with go install ${module} (1 to 3 minutes, once)`;
    const build = { label: 'Open Policy Agent', module, program: 'opa', operation, packages };
    const program = await goInstall(context, build, folder);
    if (program === null)
      throw new FixableError(
        'The tests need Open Policy Agent, and it could not be built here.',
        `install opa ${version} from https://www.openpolicyagent.org and put it on PATH, or set OPA_BIN`,
      );
    cacheProgram(program, getCachePath(context.root));
  });

/** Only the tests need OPA: the product evaluates the compiled rules without it. */
export const opaStep = { name: 'Open Policy Agent', missing: (context) => find(context) === null, bring };
