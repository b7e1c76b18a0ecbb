const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The six characters by which people name a run; the whole id where there is no uuid in it. */
export const shortId = (workflowId: string): string => uuid.exec(workflowId)?.[0].slice(0, 6) ?? workflowId;
