import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { goInstall, keepProgram } from './go-install.mjs';
import { findProgram } from './programs.mjs';
import { Mendable } from './report.mjs';

const version = '1.22.0';
const module = `github.com/open-policy-agent/opa@v${version}`;

const cached = (root) => join(root, '.quarterdeck', 'tools', 'opa');

const find = ({ root, env }) =>
  env.OPA_BIN ? findProgram(env.OPA_BIN, env) : (findProgram('opa', env) ?? findProgram(cached(root), env));

const bring = async (context) => {
  const { root } = context;
  const folder = `${cached(root)}.bringing`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    const doing = `building it with go install ${module} (1 to 3 minutes, once)`;
    const program = await goInstall(
      context,
      { label: 'Open Policy Agent', module, program: 'opa', doing },
      folder,
    );
    if (program === null)
      throw new Mendable(
        `Open Policy Agent is needed by the tests and could not be built here.`,
        `install opa ${version} from https://www.openpolicyagent.org and put it on PATH, or set OPA_BIN`,
      );
    keepProgram(program, cached(root));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** For the tests alone: the product evaluates the compiled rules by itself. */
export const opaStep = { missing: (context) => find(context) === null, bring };
