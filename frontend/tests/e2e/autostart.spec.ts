import { spawn } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { clean } from './barriers';
import { expect, launch, type Program, test } from './program';

test.use({ serviceWorkers: 'block', bypassCSP: true });

const entryOf = (program: Program) => join(program.home, '.config', 'autostart', 'io.github.hermes-webui.desktop');
const row = (page: Page) => page.locator('[data-login]');
const control = (page: Page) => row(page).getByRole('switch', { name: /Start at login|Beim Anmelden starten/ });
/** Whoever comes back to the page may have been in the settings of the desktop. */
const comeBack = (page: Page) => page.evaluate(() => dispatchEvent(new Event('focus')));

/** A program on a desktop: a display by name, and a session bus that answers. */
async function onDesktop(work: (program: Program) => Promise<void>): Promise<void> {
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--nosyslog', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const address = await new Promise<string>((done, fail) => {
      bus.once('error', fail);
      createInterface({ input: bus.stdout }).once('line', done);
    });
    const { program, stop } = await launch(() => ({ DISPLAY: ':99', DBUS_SESSION_BUS_ADDRESS: address }));
    try {
      await work(program);
    } finally {
      await stop();
    }
  } finally {
    bus.kill();
  }
}

test('where no desktop is, the page says why it offers nothing, and turns off what is on', async ({ page, program }) => {
  await page.goto('/settings/health');
  await expect(row(page)).toContainText('It cannot be turned on here. No desktop is there to log in to');
  await expect(control(page)).toHaveCount(0);
  const entry = entryOf(program);
  await mkdir(dirname(entry), { recursive: true });
  await writeFile(entry, '[Desktop Entry]\nType=Application\nName=x\nExec="/opt/older" "--tray"\n');
  await comeBack(page);
  await expect(row(page)).toContainText('The login starts another program: /opt/older.');
  await expect(row(page).getByRole('button', { name: 'Correct' })).toHaveCount(0);
  await expect(control(page)).toHaveAttribute('aria-checked', 'true');
  await control(page).click();
  await expect(control(page)).toHaveCount(0);
  await expect(page.getByRole('status').filter({ hasText: 'The program does not start at login.' })).toHaveCount(1);
  await expect(access(entry)).rejects.toThrow();
});

for (const [locale, width, off, older, correct] of [
  ['en-GB', 1280, 'settings of the desktop turned', 'starts another program: /opt/older', 'Correct'],
  ['de-DE', 320, 'Einstellungen des Desktops haben', 'startet ein anderes Programm: /opt/older', 'Berichtigen'],
] as const) {
  test.describe(`${locale} at ${width}`, () => {
    test.use({ locale, viewport: { width, height: 800 }, hasTouch: width < 700 });

    test('a person turns the start at login on, and the page knows what the desktop does to it', async ({ page }, info) => {
      await onDesktop(async (program) => {
        const entry = entryOf(program);
        const shows = async (state: string, checked: boolean, says: string) => {
          await expect(page.locator(`[data-login="${state}"]`)).toContainText(says);
          await expect(control(page)).toHaveAttribute('aria-checked', String(checked));
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        };
        await page.goto(`${program.url}/settings/health`);
        await shows('off', false, '');
        await control(page).focus();
        await page.keyboard.press('Space');
        await shows('on', true, '');
        const text = await readFile(entry, 'utf8');
        expect(text).toContain('"--tray" "--state-dir"');
        await page.reload();
        await shows('on', true, '');

        await writeFile(entry, text.replace('Terminal=false', 'Hidden=true'));
        await comeBack(page);
        await shows('turned_off', false, off);
        await control(page).click();
        await shows('on', true, '');

        await writeFile(entry, text.replace(/^Exec="[^"]*"/m, 'Exec="/opt/older"'));
        await comeBack(page);
        await shows('stale', true, older);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await clean(page, `start at login, ${colorScheme}`);
          await row(page).screenshot({ path: info.outputPath(`${colorScheme}.png`) });
        }
        await row(page).getByRole('button', { name: correct }).click();
        await shows('on', true, '');
        expect(await readFile(entry, 'utf8')).toBe(text);

        // What another way turned off is seen without a look.
        const answer = await fetch(`${program.url}/api/system/autostart`, {
          method: 'PUT',
          headers: { 'Content-Type': 'application/json' },
          body: '{"on": false}',
        });
        expect(answer.status).toBe(200);
        await shows('off', false, '');
      });
    });
  });
}

test('what stands in the way of the switch is said', async ({ page }) => {
  await onDesktop(async (program) => {
    await writeFile(join(program.home, '.config'), '');
    await page.goto(`${program.url}/settings/health`);
    await expect(row(page).getByRole('alert')).toContainText('.config');
    await expect(row(page).getByRole('button', { name: 'Try again' })).toBeVisible();
  });
});
