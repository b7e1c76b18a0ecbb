import { html as draw, raw as trust } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Markup whose parts have been escaped. */
export type Html = HtmlEscapedString;

/** Draws markup; every value that is not markup itself is escaped. */
export const html = (strings: TemplateStringsArray, ...values: unknown[]): Html =>
  // Nothing drawn here is a promise, so neither is the result.
  draw(strings, ...values) as Html;

/** Only for markup that stands in our own source. */
export const raw = (markup: string): Html => trust(markup) as Html;

export const nothing = raw('');
