import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Section } from '../../cards/card.ts';
import { stageIcons } from '../../cards/card-text.ts';
import { runCard } from '../../cards/run-card.ts';
import { sampleNotices } from '../../cards/testing/sample-notices.ts';
import { sampleRuns } from '../../cards/testing/samples.ts';
import { launchBrowser } from '../../testing/browser.ts';
import { describeStatus } from '../../text/run-text.ts';
import { renderCard } from './card.ts';
import type { AdaptiveCard } from './elements.ts';
import { asPosted } from './testing/open-run.ts';

const patience = { timeout: 20_000 };
const links = { publicUrl: 'https://quarterdeck.example.com' };
const phone = { width: 360, height: 740 };
const renderer = fileURLToPath(import.meta.resolve('adaptivecards/dist/adaptivecards.min.js'));
const host = fileURLToPath(new URL('testing/teams-host.js', import.meta.url));

/** What the renderer sent, what it read as Markdown, and its validation errors. */
interface State {
  readonly fired: readonly { readonly type: string; readonly verb?: string; readonly data?: unknown }[];
  readonly markdown: readonly string[];
  readonly errors: readonly string[];
}

let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: phone, locale: 'en-GB' });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.setContent(await readFile(new URL('testing/host-page.html', import.meta.url), 'utf8'));
  await page.addScriptTag({ path: renderer });
  await page.addScriptTag({ path: host });
}, patience.timeout);
beforeEach(() => {
  complaints.length = 0;
});
afterAll(() => browser.close());

const draw = (card: AdaptiveCard): Promise<void> => page.evaluate(`teams.draw(${JSON.stringify(card)})`);
const state = (): Promise<State> => page.evaluate('teams.state');
const width = (): Promise<number> => page.evaluate('document.documentElement.scrollWidth');

const sample = (name: string) => {
  const found = sampleRuns.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no sample ${name}`);
  return found.run;
};

const button = (name: string) => page.getByRole('button', { name, exact: true });
const link = (name: string) => page.getByRole('link', { name, exact: true });
const press = (name: string): Promise<void> => button(name).click();

describe('the reference renderer', () => {
  const seesOnePhone = async (texts: readonly string[]): Promise<void> => {
    for (const text of texts) expect(await page.getByText(text).first().isVisible(), text).toBe(true);
    expect(await width()).toBeLessThanOrEqual(phone.width);
    expect(complaints).toEqual([]);
    const { errors, markdown } = await state();
    expect(errors).toEqual([]);
    expect(markdown).toEqual([]);
  };

  const stagesOf = (sections: readonly Section[]): readonly string[] =>
    sections.flatMap((section) =>
      section.type === 'stages'
        ? section.stages.map(({ state, label }) => `${stageIcons[state]} ${label}`)
        : [],
    );

  // What a stranger made very long is cut, and says so; its buttons are there all the same.
  test.each(sampleRuns)(
    'draws $name: title, state, stages and buttons are there to see',
    async ({ name, run }) => {
      const card = runCard(run, links);
      await draw(renderCard(card, { ...asPosted(run), viewer: 'personal' }));
      const stages = stagesOf(card.sections);
      expect(stages.length).toBeGreaterThan(5);
      const whole = name === 'hostile' ? ['Omitted'] : stages;
      await seesOnePhone([card.title, describeStatus(run), ...whole]);
      for (const { kind, label } of card.buttons)
        expect(await (kind === 'link' ? link(label) : button(label)).isVisible(), label).toBe(true);
    },
  );

  test.each(sampleNotices)('The notice $name is rendered', async ({ draw: drawNotice }) => {
    const card = drawNotice(links);
    await draw(renderCard(card));
    await seesOnePhone([card.title, ...card.fields.map(({ label }) => `${label}: `)]);
  });
});

describe('a card with an approval request', () => {
  const run = sample('awaiting-dangerous');
  const { workflowId: args, approval } = run.view;
  const digest = approval?.digest;

  beforeEach(() => draw(renderCard(runCard(run, links), { ...asPosted(run), viewer: 'personal' })));

  test('A denial without a reason is not sent, and the input shows the error', async () => {
    await press('Deny');
    await press('Deny with this reason');
    expect(await page.getByText('Enter a reason.').isVisible()).toBe(true);
    expect((await state()).fired).toEqual([]);
  });

  test('A denial is sent with its reason', async () => {
    await press('Deny');
    await page.getByRole('textbox', { name: 'Reason' }).fill('too late today');
    await press('Deny with this reason');
    expect((await state()).fired).toEqual([
      {
        type: 'Action.Execute',
        title: 'Deny with this reason',
        verb: 'command',
        data: { command: 'deny', args, digest, needsReason: true, 'reason-deny': 'too late today' },
      },
    ]);
  });

  test('An approval is confirmed first and needs no reason', async () => {
    await press('Approve');
    expect(await page.getByText('Apply this plan?').isVisible()).toBe(true);
    expect((await state()).fired).toEqual([]);
    await press('Yes, approve');
    expect((await state()).fired).toEqual([
      {
        type: 'Action.Execute',
        title: 'Yes, approve',
        verb: 'command',
        data: { command: 'approve', args, digest },
      },
    ]);
  });

  test('A card is refreshed by its button', async () => {
    await press('Refresh');
    expect((await state()).fired).toMatchObject([{ verb: 'refresh', data: { run: args } }]);
  });
});

test('A link opens a page of the console from a button and from a field', async () => {
  const [notice] = sampleNotices;
  if (notice === undefined) throw new Error('there is no notice');
  await draw(renderCard(notice.draw(links)));
  await page.getByRole('link').first().click();
  await link('Details').click();
  const { fired } = await state();
  expect(fired).toHaveLength(2);
  for (const one of fired)
    expect(one).toMatchObject({
      type: 'Action.OpenUrl',
      url: expect.stringMatching(/^https:\/\/quarterdeck\.example\.com\/runs\//),
    });
});
