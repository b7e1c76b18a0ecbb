import type { Button, Card, CardStage, Section } from '../bot/cards/card.ts';
import type { AuditEntry } from '../bot/runs/types.ts';
import { describeAuditDetails, describeAuditKind } from '../bot/text/audit-text.ts';
import { toPlainText } from '../bot/text/plain-text.ts';

const stageSymbols: Readonly<Record<CardStage['state'], string>> = {
  pending: '·',
  running: '…',
  succeeded: '✓',
  failed: '✗',
  cancelled: '■',
  skipped: '–',
};

const toStageLine = ({ label, state, detail }: CardStage): string =>
  `  ${stageSymbols[state]} ${toPlainText(label)}: ${state}${detail === null ? '' : `, ${toPlainText(detail)}`}`;

const toSectionLines = (section: Section): readonly string[] => {
  switch (section.type) {
    case 'text':
      return section.text.split('\n').map(toPlainText);
    case 'stages':
      return section.stages.map(toStageLine);
    case 'list':
      return [
        `${toPlainText(section.title)}:`,
        ...section.lines.map((line) => `  - ${toPlainText(line)}`),
        ...(section.more === null ? [] : [`  ${toPlainText(section.more)}`]),
      ];
    case 'log':
      return [`${toPlainText(section.title)}:`, ...section.lines.map((line) => `  | ${toPlainText(line)}`)];
    default:
      return section satisfies never;
  }
};

const toButtonLine = (button: Button): string => {
  if (button.kind === 'link') return `  ${toPlainText(button.label)}: ${toPlainText(button.url)}`;
  const reason = button.needsReason ? ' <reason>' : '';
  return `  ${toPlainText(button.label)}: npm run cli -- ${toPlainText(`${button.command} ${button.args}`.trim())}${reason}`;
};

/** A card as plain text. Control characters are escaped, so a terminal executes none of them. */
export const renderCard = (card: Card): string => {
  const fields = card.fields.map(
    ({ label, value, url }) =>
      `${toPlainText(label)}: ${toPlainText(value)}${url ? ` (${toPlainText(url)})` : ''}`,
  );
  const shown = new Set([toPlainText(card.summary)]);
  const sections = card.sections
    .map(toSectionLines)
    // An error's only section repeats its summary.
    .filter((lines) => lines.length > 1 || !shown.has(lines[0] ?? ''));
  const buttons = card.buttons.length > 0 ? [['Actions:', ...card.buttons.map(toButtonLine)]] : [];
  const footer = card.footer === null ? [] : [[toPlainText(card.footer)]];
  return [[toPlainText(card.title), toPlainText(card.summary)], fields, ...sections, ...buttons, ...footer]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
};

/** The audit trail, one line for each entry. */
export const renderAudit = (entries: readonly AuditEntry[]): string =>
  entries
    .map(({ at, kind, by, details }) =>
      [
        new Date(at).toISOString(),
        toPlainText(describeAuditKind(kind)),
        by ? toPlainText(by) : '-',
        ...describeAuditDetails(details).map(
          ({ name, value }) => `${toPlainText(name)}=${toPlainText(value)}`,
        ),
      ].join('  '),
    )
    .join('\n');
