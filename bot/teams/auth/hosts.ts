/** Exact hosts: anybody can have a name under trafficmanager.net. */
export const isAllowedServiceUrl = (value: unknown, hosts: readonly string[]): value is string => {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '' &&
    hosts.includes(url.host)
  );
};
