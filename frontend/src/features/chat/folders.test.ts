import { expect, it } from 'vitest';
import { crumbs, filterFolders, folderName, inside, isPath } from './folders';

it.each([
  ['/', [['/', '/']]],
  [
    '/home/ada',
    [
      ['/', '/'],
      ['home', '/home'],
      ['ada', '/home/ada'],
    ],
  ],
  [
    'C:\\Users\\ada',
    [
      ['C:\\', 'C:\\'],
      ['Users', 'C:\\Users'],
      ['ada', 'C:\\Users\\ada'],
    ],
  ],
  [
    '\\\\nas\\share\\code',
    [
      ['\\\\nas\\share\\', '\\\\nas\\share\\'],
      ['code', '\\\\nas\\share\\code'],
    ],
  ],
  [
    '/odd\\name',
    [
      ['/', '/'],
      ['odd\\name', '/odd\\name'],
    ],
  ],
])('the way to %s', (path, way) => {
  expect(crumbs(path).map((c) => [c.name, c.path])).toEqual(way);
});

it('names a folder by its last name', () => {
  expect([folderName('/home/ada/harbor/'), folderName('C:\\code\\harbor'), folderName('/')]).toEqual(['harbor', 'harbor', '/']);
});

it('puts a new folder inside another one', () => {
  expect([inside('/home/ada', 'new'), inside('/', 'new'), inside('C:\\', 'new'), inside('C:\\a', 'new')]).toEqual([
    '/home/ada/new',
    '/new',
    'C:\\new',
    'C:\\a\\new',
  ]);
});

it('finds folders whatever their case', () => {
  const items = [{ name: 'Harbor' }, { name: 'notes' }];
  expect(filterFolders(items, ' harb ')).toEqual([{ name: 'Harbor' }]);
  expect(filterFolders(items, ' ')).toBe(items);
});

it('tells paths from words', () => {
  for (const path of ['/', '/srv', ' ~', '~/x', 'C:\\', 'd:/x', '\\\\host\\share']) expect(isPath(path), path).toBe(true);
  for (const words of ['', 'srv', '~ada', 'a/b', 'C:', '.git']) expect(isPath(words), words).toBe(false);
});
