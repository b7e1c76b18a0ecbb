import { policyAway } from '../policy-failure.ts';
import type { PolicyEngine } from '../port.ts';

const answerWithinMs = 30_000;

/** Rules that a team keeps in an OPA server of its own. */
export const createServerEngine = (url: string): PolicyEngine => {
  const name = `OPA at ${url}`;
  const address = `${url.replace(/\/+$/, '')}/v1/data/quarterdeck/result`;
  return {
    name,
    async evaluate(input) {
      let response: Response;
      try {
        response = await fetch(address, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ input }),
          signal: AbortSignal.timeout(answerWithinMs),
        });
      } catch (error) {
        throw policyAway(name, error instanceof Error && error.cause ? error.cause : error);
      }
      const text = await response.text();
      // A 500 with a code is a rule that breaks; without one it is the server or what stands before it.
      if (!response.ok) throw policyAway(name, `it answered ${response.status}: ${text.slice(0, 300)}`);
      return (JSON.parse(text) as { readonly result?: unknown }).result;
    },
  };
};
