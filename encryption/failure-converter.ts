import { DefaultFailureConverter } from '@temporalio/common';

/** Puts a failure's words and stack where the payload codec reaches them. Loaded by its path. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
