/** The one address for everything that Slack sends. */
export const eventsPath = '/slack/events';
