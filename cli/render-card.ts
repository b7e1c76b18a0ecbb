import type { Button, Card, CardStage, Section } from '../bot/cards/card.ts';
import { plain } from '../bot/cards/plain.ts';

const signs: Readonly<Record<CardStage['state'], string>> = {
  pending: '·',
  running: '…',
  succeeded: '✓',
  failed: '✗',
  cancelled: '■',
  skipped: '–',
};

const stageLine = ({ label, state, detail }: CardStage): string =>
  `  ${signs[state]} ${plain(label)}: ${state}${detail === null ? '' : `, ${plain(detail)}`}`;

const sectionLines = (section: Section): readonly string[] => {
  switch (section.type) {
    case 'text':
      return section.text.split('\n').map(plain);
    case 'stages':
      return section.stages.map(stageLine);
    case 'list':
      return [
        `${plain(section.title)}:`,
        ...section.lines.map((line) => `  - ${plain(line)}`),
        ...(section.more === null ? [] : [`  ${plain(section.more)}`]),
      ];
    case 'log':
      return [`${plain(section.title)}:`, ...section.lines.map((line) => `  | ${plain(line)}`)];
    default:
      return section satisfies never;
  }
};

const buttonLine = (button: Button): string => {
  if (button.kind === 'link') return `  ${plain(button.label)}: ${plain(button.url)}`;
  const reason = button.needsReason ? ' <reason>' : '';
  return `  ${plain(button.label)}: npm run cli -- ${plain(`${button.command} ${button.args}`.trim())}${reason}`;
};

/** A card for a terminal: plain text, with nothing in it that a terminal would obey. */
export const renderCard = (card: Card): string => {
  const fields = card.fields.map(
    ({ label, value, url }) => `${plain(label)}: ${plain(value)}${url ? ` (${plain(url)})` : ''}`,
  );
  const said = new Set([plain(card.summary)]);
  const sections = card.sections
    .map(sectionLines)
    // An error's only section repeats its summary.
    .filter((lines) => lines.length > 1 || !said.has(lines[0] ?? ''));
  const buttons = card.buttons.length > 0 ? [['You can:', ...card.buttons.map(buttonLine)]] : [];
  const footer = card.footer === null ? [] : [[plain(card.footer)]];
  return [[plain(card.title), plain(card.summary)], fields, ...sections, ...buttons, ...footer]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
};
