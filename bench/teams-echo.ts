// The smallest program that answers a click in Teams: botbuilder and express.
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import express from 'express';

const setting = (name: string): string => process.env[name] ?? '';
const metadata = setting('TEAMS_OPENID_METADATA_URL');
const adapter = new CloudAdapter(
  new ConfigurationBotFrameworkAuthentication({
    MicrosoftAppId: setting('MicrosoftAppId'),
    MicrosoftAppPassword: setting('MicrosoftAppPassword'),
    MicrosoftAppTenantId: setting('MicrosoftAppTenantId'),
    MicrosoftAppType: 'SingleTenant',
    ToChannelFromBotLoginUrl: setting('TEAMS_LOGIN_AUTHORITY'),
    ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
    OAuthUrl: 'https://token.botframework.com',
    ToBotFromChannelOpenIdMetadataUrl: metadata,
    ToBotFromEmulatorOpenIdMetadataUrl: metadata,
  }),
);
const app = express();
app.use(express.json());
app.post('/api/messages', (request, response) =>
  adapter.process(request, response, async (turn) => {
    const value = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'tiny e1' };
    await turn.sendActivity({ type: 'invokeResponse', value: { status: 200, body: value } });
  }),
);
app.listen(Number(process.argv[2]), '127.0.0.1');
