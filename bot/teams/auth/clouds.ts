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

/** What the Bot Framework of one Microsoft cloud is called. */
export interface Cloud {
  /** Signs what is sent to bots, and is whom the bot's own token is for. */
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly login: string;
  /** The tenant of bots that are in no tenant of their own. */
  readonly botTenant: string;
  readonly serviceHosts: readonly string[];
}

const publicCloud: Cloud = {
  issuer: 'https://api.botframework.com',
  metadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  login: 'https://login.microsoftonline.com',
  botTenant: 'botframework.com',
  serviceHosts: ['smba.trafficmanager.net', 'smba.infra.gcc.teams.microsoft.com'],
};

const usGovernment: Cloud = {
  issuer: 'https://api.botframework.us',
  metadataUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  login: 'https://login.microsoftonline.us',
  botTenant: 'MicrosoftServices.onmicrosoft.us',
  serviceHosts: ['smba.infra.gov.teams.microsoft.us', 'smba.infra.dod.teams.microsoft.us'],
};

const china: Cloud = {
  issuer: 'https://api.botframework.azure.cn',
  metadataUrl: 'https://login.botframework.azure.cn/v1/.well-known/openidconfiguration',
  login: 'https://login.partner.microsoftonline.cn',
  botTenant: 'microsoftservices.partner.onmschina.cn',
  serviceHosts: ['frontend.botapi.msg.infra.teams.microsoftonline.cn'],
};

const hostOf = (address: string): string | undefined => URL.parse(address)?.host;

/** The cloud whose keys are read: the public one, unless the address is another's. */
export const getCloud = (metadataUrl = publicCloud.metadataUrl): Cloud =>
  [usGovernment, china].find((cloud) => hostOf(cloud.metadataUrl) === hostOf(metadataUrl)) ?? publicCloud;
