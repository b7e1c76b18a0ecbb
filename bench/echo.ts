// The smallest program that answers a slash command: Bolt and one listener.
import { App, HTTPReceiver } from '@slack/bolt';

const [port = '', signingSecret = ''] = process.argv.slice(2);
const app = new App({
  receiver: new HTTPReceiver({ signingSecret }),
  authorize: async () => ({ botToken: 'xoxb-unused' }),
  convoStore: false,
});
app.command('/deploy', ({ command, ack }) => ack(command.text));
await app.start(Number(port));
