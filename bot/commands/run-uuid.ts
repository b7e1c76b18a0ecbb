import { v5 as uuidFrom } from 'uuid';

/** Never change it: a redelivered command finds its run through it. */
const namespace = '5c0f1f0c-6d8b-4e0e-9a55-0d6f3c1b7a42';

/** Of the run that an invocation makes, however often it is delivered. */
export const runUuid = (key: string): string => uuidFrom(key, namespace);
