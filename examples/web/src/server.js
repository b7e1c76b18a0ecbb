import { createServer } from 'node:http';
import { page } from './page.js';

const text = 'text/plain; charset=utf-8';
const html = 'text/html; charset=utf-8';

const answer = (path, { environment, commit, now }) => {
  if (path === '/') return [200, html, page({ hour: now().getHours(), environment, commit })];
  if (path === '/healthz') return [200, text, 'ok\n'];
  if (path === '/version') return [200, text, `${commit}\n`];
  return [404, text, 'There is nothing here.\n'];
};

export const createWeb = (settings) =>
  createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://web');
    const [status, type, body] =
      request.method === 'GET' ? answer(pathname, settings) : [405, text, 'Only GET is understood.\n'];
    response.writeHead(status, { 'content-type': type }).end(body);
  });
