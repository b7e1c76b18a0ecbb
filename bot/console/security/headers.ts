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
  // `no-referrer` would make browsers send `Origin: null` with the console's own forms.
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
  // The console speaks plain HTTP; a TLS proxy in front of it sets this header.
  strictTransportSecurity: false,
});

/** The headers of every response. */
export const securityHeaders: RequestHandler = (request, response, next) => {
  response.set('cache-control', 'no-store');
  response.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  policy(request, response, next);
};
