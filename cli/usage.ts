/** What can be typed. */
export const usage = `Usage: npm run cli -- <words> [--as <e-mail>]

The words of the chat, answered by the running bot:
  deploy <service> [environment] [--ref <branch or commit>]
  status [<id> | <service>]
  approve <id> [reason], deny <id> <reason>, cancel <id> [reason], retry <id>
  help                  every word, and what you may deploy

About the installation:
  audit <id>            who did what in a run, in order
  connection-test       connects to Temporal and lists its namespaces
  doctor                looks at everything and says what to do

Without --as you are whoever git says: git config user.email.`;
