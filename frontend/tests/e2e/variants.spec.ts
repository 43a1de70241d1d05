import { openDirect, test } from './direct';
import { promptOf } from './model';
import { composer, expect, send, transcript } from './program';

test('an edited prompt keeps its file; versions are switched, taken back and brought back', async ({ page, model }) => {
  let n = 0;
  model.script = (asked) => {
    n += 1;
    return { text: `Answer ${n} to: ${/please \w+/.exec(promptOf(asked))?.[0] ?? 'nothing'}.` };
  };
  const path = await openDirect(page, model);
  await page.locator('input[type=file]').setInputFiles({
    name: 'list.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('milk and bread'),
  });
  await expect(page.getByRole('list', { name: 'Attached files' }).getByRole('listitem')).toHaveCount(1);
  await send(page, 'please read');
  const log = transcript(page);
  await expect(log).toContainText('Answer 1 to: please read.');

  // Edit and send again: the file comes along, to the model as well.
  const prompt = log.locator('.you').last();
  await prompt.hover();
  await prompt.getByRole('button', { name: 'Edit' }).click();
  const field = prompt.getByRole('textbox', { name: 'Edit the prompt' });
  await expect(field).toHaveValue('please read');
  await field.fill('please count');
  await prompt.getByRole('button', { name: 'Send again' }).click();
  await expect(log).toContainText('Answer 2 to: please count.');
  await expect(log).not.toContainText('please read');
  await expect(log.locator('.you')).toHaveCount(1);
  await expect(log.locator('.you')).toContainText('list.txt');
  expect(JSON.stringify(model.newest.messages)).toContain('milk and bread');
  const versions = log.getByRole('navigation', { name: 'Versions of this turn' });
  await expect(versions).toContainText('2/2');

  // Retry: a third answer, to the same words and file.
  await log.getByRole('button', { name: 'Retry' }).click();
  await expect(log).toContainText('Answer 3 to: please count.');
  await expect(versions).toContainText('3/3');
  await expect(log.locator('.you')).toContainText('list.txt');
  expect(JSON.stringify(model.newest.messages)).toContain('milk and bread');

  // Back and forth, and it is kept over a load.
  await versions.getByRole('button', { name: 'Earlier version' }).click();
  await expect(log).toContainText('Answer 2 to: please count.');
  await versions.getByRole('button', { name: 'Earlier version' }).click();
  await expect(versions).toContainText('1/3');
  await expect(log).toContainText('Answer 1 to: please read.');
  await expect(versions.getByRole('button', { name: 'Earlier version' })).toBeDisabled();
  await page.goto(path);
  await expect(versions).toContainText('1/3');
  await expect(log.locator('.you')).toContainText('list.txt');
  await versions.getByRole('button', { name: 'Later version' }).click();
  await expect(versions).toContainText('2/3');

  // A prompt behind a version belongs to it.
  await send(page, 'please continue');
  await expect(log).toContainText('Answer 4 to: please continue.');
  await expect(log.locator('.you')).toHaveCount(2);

  // Undo takes the last turn back, and it can be had again.
  await log.getByRole('button', { name: 'Undo' }).click();
  await expect(log).not.toContainText('please continue');
  await expect(log).toContainText('Answer 2 to: please count.');
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(log).toContainText('Answer 4 to: please continue.');

  // By commands as well.
  await composer(page).fill('/undo');
  await page.keyboard.press('Enter');
  await expect(log).not.toContainText('please continue');
  await composer(page).fill('/retry');
  await page.keyboard.press('Enter');
  await expect(log).toContainText('Answer 5 to: please count.');
  await expect(versions).toContainText('4/4');
});
