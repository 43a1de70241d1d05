import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { card, openDirect, test } from './direct';
import { byWord, call } from './model';
import { expect, send, transcript } from './program';

const key = 'sk-proj-4f9a8b7c6d5e4f3a2b1c0d9e';
const command = `API_KEY=${key} sh -c 'echo "got $API_KEY"; cat id_test'`;
const inside = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU1';

test('an ask shows exactly what runs; afterwards no key and no password is shown or copied', async ({
  page,
  model,
  program,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await writeFile(
    join(program.workspace, 'id_test'),
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${inside}\n-----END OPENSSH PRIVATE KEY-----\nthe end of it\n`,
  );
  model.script = byWord({ deploy: [{ calls: [call('shell', { command })] }, { text: 'It is deployed.' }] });
  await openDirect(page, model);
  await send(page, 'deploy');
  await expect(card(page)).toContainText(command); // a person allows what they see
  await expect(transcript(page)).not.toContainText('4f9a8b7c');
  await card(page)
    .getByRole('button', { name: /^Allow once/ })
    .click();
  await expect(transcript(page)).toContainText('It is deployed.');

  const row = transcript(page).locator('.lr').filter({ hasText: 'API_KEY' });
  await expect(row).toContainText('API_KEY=••••••');
  const [time, verb] = await Promise.all([row.locator('time > span').first().boundingBox(), row.locator('.vb').boundingBox()]);
  expect((time?.x ?? 0) + (time?.width ?? 0)).toBeLessThanOrEqual(verb?.x ?? 0); // a long command draws nothing over its time
  await row.locator('summary').click();
  const out = transcript(page).locator('.out').filter({ hasText: 'the end of it' });
  await expect(out).toContainText('got sk-••••••');
  await expect(out).toContainText('-----BEGIN OPENSSH PRIVATE KEY-----');
  await expect(transcript(page)).toContainText('What looks like a key or a password is not shown here.');
  await out.getByRole('button', { name: 'Copy' }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('the end of it');
  for (const shown of [copied, await page.content()]) {
    expect(shown).not.toContain('4f9a8b7c');
    expect(shown).not.toContain(inside);
  }
});
