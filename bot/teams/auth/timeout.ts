/** The SDK waits for ever; we do not. */
export const withTimeout = async <T>(work: Promise<T>, timeoutMs: number, doing: string): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${doing}: no answer in ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};
