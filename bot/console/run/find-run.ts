import { UserError } from '../../platform/errors.ts';
import type { Runs } from '../../runs/port.ts';

/** The run that an address means, or why it means none. */
export const findRun = async (
  runs: Pick<Runs, 'find'>,
  typed: string,
): Promise<{ readonly workflowId: string } | { readonly why: string }> => {
  try {
    return { workflowId: await runs.find(typed) };
  } catch (error) {
    if (error instanceof UserError) return { why: error.message };
    throw error;
  }
};
