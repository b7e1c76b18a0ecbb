const title = 'Good to see you';

/** The words of the hour, in the server's time zone. */
export const greeting = (hour) => {
  if (hour < 5) return 'Still up?';
  if (hour < 12) return 'Good morning';
  if (hour < 18) return 'Good afternoon';
  return 'Good evening';
};

const special = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const asText = (text) => text.replace(/[&<>"]/g, (character) => special[character]);

export const page = ({ hour, environment, commit }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${asText(title)}</title>
  </head>
  <body>
    <h1>${asText(greeting(hour))}</h1>
    <p>This is ${asText(environment)}, at commit ${asText(commit)}.</p>
  </body>
</html>
`;
