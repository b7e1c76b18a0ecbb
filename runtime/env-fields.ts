import ms, { type StringValue } from 'ms';
import { z } from 'zod';

/** Any text. */
export const text = () => z.string();

/** A whole number in a range, written in digits. */
const wholeNumber = (from: number, to: number) => {
  const rule = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, rule)
    .transform(Number)
    .refine((value) => value >= from && value <= to, rule);
};

/** A TCP port; with 0, the operating system chooses one. */
export const port = () => wholeNumber(0, 65_535);

/** `true`, `1`, `yes`, `on`, `t` and their opposites, in any case. */
export const flag = () =>
  z
    .string()
    .toLowerCase()
    .refine((value) => /^(true|t|1|yes|on|false|f|0|no|off)$/.test(value), 'must be true or false')
    .transform((value) => /^(true|t|1|yes|on)$/.test(value));

/** A URL with one of these schemes, for example `['https']`. */
export const url = (schemes: readonly string[]) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
      `must be a complete URL that starts with ${schemes.map((scheme) => `${scheme}:`).join(' or ')}`,
    );

/** A duration such as `500ms`, `30s`, `10m` or `2h`, in milliseconds. */
export const duration = () =>
  z
    .string()
    .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'must be a duration such as 30s, 10m or 2h')
    .transform((value) => ms(value as StringValue));

/** A log level of pino. */
export const logLevel = () =>
  z
    .string()
    .toLowerCase()
    .pipe(
      z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'must be trace, debug, info, warn, error, fatal or silent',
      }),
    );
