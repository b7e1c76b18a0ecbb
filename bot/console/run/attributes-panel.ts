import type { RunAttribute } from '../../runs/port.ts';
import { type Html, html } from '../layout/html.ts';
import { emptyPanel, panel } from './facts-panels.ts';

/** What the run is found by in Temporal; null while Temporal does not answer. */
export const renderAttributes = (attributes: readonly RunAttribute[] | null): Html =>
  attributes === null || attributes.length === 0
    ? emptyPanel('run-attributes')
    : panel(
        'run-attributes',
        'Search attributes',
        html`<dl class="fields stacked">
      ${attributes.map(({ name, value }) => html`<div><dt class="id">${name}</dt><dd class="id">${value}</dd></div>`)}</dl>`,
      );
