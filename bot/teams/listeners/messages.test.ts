import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage } from './messages.ts';

const appId = '11111111-2222-3333-4444-555555555555';
const bot = { id: `28:${appId}` };
const mention = (id: string, text: string) => ({
  type: 'mention',
  text,
  mentioned: { id, name: 'person' },
});
const ours = mention(bot.id, '<at>Quarterdeck</at>');
const said = (text: string, entities: readonly unknown[] = [ours]) =>
  parseMessage({ text, recipient: bot, entities }, appId);

describe('the command of a message', () => {
  test.each<[string, string, string, string]>([
    ['plain text', 'deploy web production', 'deploy', 'web production'],
    ['a mention in front', '<at>Quarterdeck</at> deploy web', 'deploy', 'web'],
    ['a mention behind', 'deploy web <at>Quarterdeck</at>', 'deploy', 'web'],
    ['a mention in the middle', 'deploy <at>Quarterdeck</at> web', 'deploy', 'web'],
    ['blanks that Teams writes as entities', '<at>Quarterdeck</at>&nbsp;deploy&nbsp;web', 'deploy', 'web'],
    ['blanks that do not break', '<at>Quarterdeck</at>\u00a0deploy\u00a0 web', 'deploy', 'web'],
    ['invisible characters', '\u200bdeploy\ufeff web', 'deploy', 'web'],
    ['capitals in the command', 'DEPLOY Web --ref Fix-A', 'deploy', 'Web --ref Fix-A'],
    ['a slash', '<at>Quarterdeck</at> /Status 3f2a91', 'status', '3f2a91'],
    ['a line break after the command', 'deny\n3f2a91 no', 'deny', '3f2a91 no'],
    ['signs that Teams writes as entities', 'deploy web --ref a&amp;b&lt;c', 'deploy', 'web --ref a&b<c'],
    ['a typed entity', 'deny 3f2a &amp;lt;', 'deny', '3f2a &lt;'],
    ['an ampersand before text', 'deploy web --ref a&copy', 'deploy', 'web --ref a&copy'],
    ['HTML of Teams', '<p><at>Quarterdeck</at> deploy <b>web</b></p>', 'deploy', 'web'],
    ['text in angle brackets', 'deploy <service>', 'deploy', '<service>'],
    ['the mention only', '<at>Quarterdeck</at>&nbsp;', 'help', ''],
    ['an empty text', '', 'help', ''],
    ['a slash only', '/', 'help', ''],
  ])('A message with %s is parsed', (_, text, command, args) => {
    expect(said(text)).toEqual({ command, args });
  });

  test('A reason keeps its lines', () => {
    expect(said('deny 3f2a too late<br>and  too large\r\n\r\n\r\n\r\nreally').args).toBe(
      '3f2a too late\nand too large\n\nreally',
    );
  });

  test('The mention of another person is kept', () => {
    const grace = mention('29:grace', '<at>Grace Hopper</at>');
    const text = '<at>Quarterdeck</at> deny 3f2a ask <at>Grace Hopper</at> first';
    expect(said(text, [ours, grace]).args).toBe('3f2a ask Grace Hopper first');
  });

  test('The mention of the bot is removed, and a person with its name is kept', () => {
    const namesake = mention('29:other', '<at>Quarterdeck</at>');
    const text = '<at>Quarterdeck</at> deny 3f2a ask <at>Quarterdeck</at>';
    expect(said(text, [ours, namesake]).args).toBe('3f2a ask Quarterdeck');
  });

  test('A message without a recipient or with invalid entities is parsed', () => {
    expect(parseMessage({ text: '<at>Quarterdeck</at> status', entities: [ours] }, appId).command).toBe(
      'status',
    );
    expect(parseMessage({ text: 'status' }, appId).command).toBe('status');
    expect(parseMessage({}, appId)).toEqual({ command: 'help', args: '' });
    const odd = [null, 7, { type: 'mention' }, { type: 'mention', text: 'x', mentioned: null }];
    expect(said('status', odd).command).toBe('status');
  });

  test('Every generated text is parsed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const { command, args } = said(text);
        expect(command).toMatch(/^\S+$/);
        expect(args).toBe(args.trim());
      }),
    );
  });
});
