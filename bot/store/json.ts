/** JSON that PostgreSQL takes: it refuses NUL and half characters, which logs may hold. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '\ufffd') : inner,
  );

/** Text that PostgreSQL takes. */
export const toText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
