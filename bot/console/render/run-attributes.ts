import type { RunAttribute } from '../../runs/port.ts';
import { type Html, html } from '../html.ts';
import { empty, panel } from './run-facts.ts';

/** What the run is found by in Temporal; null while Temporal does not answer. */
export const renderAttributes = (attributes: readonly RunAttribute[] | null): Html =>
  attributes === null || attributes.length === 0
    ? empty('run-attributes')
    : panel(
        'run-attributes',
        'Search attributes',
        html`<dl class="fields stacked">
      ${attributes.map(({ name, value }) => html`<div><dt class="id">${name}</dt><dd class="id">${value}</dd></div>`)}</dl>`,
      );
