import { DefaultFailureConverter } from '@temporalio/common';

/** Moves a failure's message and stack into payloads, which the codec encrypts. Temporal loads this file by path. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
