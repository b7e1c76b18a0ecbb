// `node scripts/teams-icons.ts` draws bot/teams/icons/*.png from the SVG files next to them.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../bot/testing/browser.ts';

const folder = fileURLToPath(new URL('../bot/teams/icons/', import.meta.url));
const icons = [
  { name: 'color', size: 192 },
  { name: 'outline', size: 32 },
] as const;

const browser = await launchBrowser();
try {
  for (const { name, size } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size }, deviceScaleFactor: 1 });
    const drawing = await readFile(`${folder}${name}.svg`, 'utf8');
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${drawing}`);
    await writeFile(`${folder}${name}.png`, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
