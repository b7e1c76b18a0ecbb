/** The Bot Framework's addresses in one Microsoft cloud. */
export interface Cloud {
  /** Signs requests to bots; also the audience of the bot's own token. */
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly login: string;
  /** The tenant of bots that belong to no tenant. */
  readonly botTenant: string;
  /** Where the bot sends its messages. */
  readonly serviceHosts: readonly string[];
}

// https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
const publicCloud: Cloud = {
  issuer: 'https://api.botframework.com',
  metadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  login: 'https://login.microsoftonline.com',
  botTenant: 'botframework.com',
  serviceHosts: ['smba.trafficmanager.net', 'smba.infra.gcc.teams.microsoft.com'],
};

// https://learn.microsoft.com/azure/bot-service/how-to-deploy-gov-cloud-high
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

/** The cloud of a metadata URL; the public cloud for any other address. */
export const getCloud = (metadataUrl = publicCloud.metadataUrl): Cloud =>
  [usGovernment, china].find((cloud) => hostOf(cloud.metadataUrl) === hostOf(metadataUrl)) ?? publicCloud;

/** Compares exact hosts: anyone can register a name under trafficmanager.net. */
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
