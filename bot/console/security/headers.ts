import type { RequestHandler } from 'express';
import helmet from 'helmet';

const policy = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // With no referrer at all, browsers hide the origin of our own forms too.
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
  // The console is plain http on loopback; whoever puts TLS in front sets this there.
  strictTransportSecurity: false,
});

/** What every answer of the console carries. */
export const securityHeaders: RequestHandler = (request, response, next) => {
  response.set('cache-control', 'no-store');
  response.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  policy(request, response, next);
};
