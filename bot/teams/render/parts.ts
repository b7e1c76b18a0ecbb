import type { Button, Card, Field } from '../../cards/card.ts';
import { toneIcons } from '../../cards/card-text.ts';
import { truncateEnd, truncateMiddle } from '../../text/plain-text.ts';
import type { Container, Element, Line } from './elements.ts';
import { jsonBytes, limits } from './limits.ts';
import { group, line, link, run } from './text.ts';

const styles = {
  neutral: 'emphasis',
  progress: 'accent',
  warning: 'warning',
  good: 'good',
  bad: 'attention',
} as const satisfies Record<Card['tone'], Container['style']>;

export const renderHeader = ({ tone, title }: Card): Container =>
  group(
    [
      line([
        run(`${toneIcons[tone]}${truncateEnd(title, limits.title)}`, { weight: 'Bolder', size: 'Large' }),
      ]),
    ],
    {
      style: styles[tone],
      bleed: true,
    },
  );

const renderField = ({ label, value, url }: Field, index: number): Line => {
  const shown = truncateMiddle(value, 200).trim() || '–';
  const spacing = index === 0 ? undefined : 'None';
  return line(
    [run(`${truncateEnd(label, 60)}: `, { weight: 'Bolder' }), url === undefined ? shown : link(url, shown)],
    spacing,
  );
};

/** One line each: two columns break badly on a phone. */
export const renderFields = (fields: readonly Field[], maxBytes: number): readonly Element[] => {
  if (fields.length === 0) return [];
  const lines: Line[] = [];
  let left = maxBytes;
  for (const [index, field] of fields.slice(0, limits.fields).entries()) {
    const rendered = renderField(field, index);
    left -= jsonBytes(rendered) + 2;
    if (left < 0) break;
    lines.push(rendered);
  }
  const omitted = fields.length - lines.length;
  return [group([...lines, ...(omitted > 0 ? [line([`${omitted} more not shown.`], 'None')] : [])])];
};

/** For approvers whose client has not asked for their personal view. */
export const renderHiddenButtonsHint = (hidden: readonly Button[]): readonly Line[] => {
  if (hidden.length === 0) return [];
  const names = hidden.map(({ label }) => truncateEnd(label, 60)).join(' and ');
  const hint = `Approvers see ${names} here. Missing? Select Refresh.`;
  return [line([run(hint, { isSubtle: true, size: 'Small' })])];
};

export const renderFooter = ({ footer }: Card): readonly Line[] =>
  footer === null || footer.trim() === ''
    ? []
    : [line([run(truncateMiddle(footer, limits.footer), { isSubtle: true, size: 'Small' })])];
