import { parseArgs } from 'node:util';

/** Invalid arguments after `npm run codec-server --`. */
class ArgumentsError extends Error {
  override readonly name = 'ArgumentsError';
}

const usage = 'Usage: npm run codec-server -- [--web <origin>]..., for example --web http://localhost:8233';

const toOrigin = (written: string): string => {
  const url = URL.canParse(written) ? new URL(written) : null;
  const isWeb = url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
  if (!isWeb || url.pathname !== '/' || url.search || url.hash || url.username)
    throw new ArgumentsError(
      `--web ${JSON.stringify(written)}: must be an origin (scheme, host and port, without a path). ${usage}`,
    );
  return url.origin;
};

/** Reads the allowed origins of web pages, such as Temporal's UI: each `--web` names one. */
export const readOrigins = (argv: readonly string[]): readonly string[] => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { web: { type: 'string', multiple: true } },
      strict: true,
    });
    return (values.web ?? []).map(toOrigin);
  } catch (error) {
    if (error instanceof ArgumentsError) throw error;
    throw new ArgumentsError(`${error instanceof Error ? error.message : String(error)}. ${usage}`);
  }
};
