import { createWeb } from './server.js';

const { PORT = '8080', ENVIRONMENT = 'local', COMMIT = 'unknown' } = process.env;

const server = createWeb({ environment: ENVIRONMENT, commit: COMMIT, now: () => new Date() });
server.listen(Number(PORT), () => console.log(`web listens on port ${PORT}`));
process.once('SIGTERM', () => server.close());
