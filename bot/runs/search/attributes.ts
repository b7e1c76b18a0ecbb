import type { Client } from '@temporalio/client';
import { searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import type { Runs } from '../types.ts';

const withinMs = 1000;

/** What a run can be found by, as Temporal holds it. */
export const createAttributes =
  (client: Client): Runs['attributes'] =>
  async (workflowId) => {
    const { typedSearchAttributes } = await client.withDeadline(Date.now() + withinMs, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return Object.values(searchAttributes).flatMap((key) => {
      const value = typedSearchAttributes.get(key);
      return value === undefined ? [] : [{ name: key.name, value }];
    });
  };
