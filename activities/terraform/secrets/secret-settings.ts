const secretName = /pass|secret|token|credential|conn_str|access_key|private|encryption_key|sas/i;

/** The password in an address such as a connection string. */
const passwordIn = (value: string): readonly string[] => {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:([^@\s]+)@/i.exec(value)?.[1];
  return password ? [password] : [];
};

/** Those of the catalog's backend settings that must not be seen in a log. */
export const secretSettings = (settings: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) =>
    secretName.test(name) ? [value, ...passwordIn(value)] : passwordIn(value),
  );
