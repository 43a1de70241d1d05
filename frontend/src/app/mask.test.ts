import { describe, expect, it } from 'vitest';
import { masked } from './mask';

const hex = '9f8e7d6c5b4a39281706f5e4d3c2b1a0';

describe('what looks like a secret is not shown', () => {
  it.each([
    [`curl -H "Authorization: Bearer ${hex}" https://a.example`, 'curl -H "Authorization: Bearer ••••••" https://a.example'],
    [`curl -H 'authorization: token ${hex}'`, "curl -H 'authorization: token ••••••'"],
    [`Authorization: Basic dXNlcjpwYXNzd29yZDE=`, 'Authorization: Basic ••••••'],
    [`curl -H "X-Api-Key: ${hex}"`, 'curl -H "X-Api-Key: ••••••"'],
    ['Cookie: session=abc; other=def', 'Cookie: session=••••••'],
    [`API_KEY=${hex} ./run --fast`, 'API_KEY=•••••• ./run --fast'],
    ['export DB_PASSWORD=hunter22', 'export DB_PASSWORD=••••••'],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'AWS_SECRET_ACCESS_KEY=••••••'],
    ['OPENAI_API_KEY=sk-proj-abcdefghijklmnop1234', 'OPENAI_API_KEY=••••••'],
    ['use sk-ant-api03-abcdefghijklmnop please', 'use sk-•••••• please'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'ghp_••••••'],
    ['AKIAIOSFODNN7EXAMPLE is the id', 'AKIA•••••• is the id'],
    ['xoxb-1234567890-abcdef', 'xoxb-••••••'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'eyJ••••••'],
    ['git clone https://me:s3cr3t@git.example/x.git', 'git clone https://me:••••••@git.example/x.git'],
    ['postgres://app:p%40ss@db:5432/x', 'postgres://app:••••••@db:5432/x'],
    [`https://${hex}@git.example/x.git`, 'https://••••••@git.example/x.git'],
    [`https://a.example/?page=2&access_token=${hex}&x=1`, 'https://a.example/?page=2&access_token=••••••&x=1'],
    ['curl -s -u me:s3cr3t https://a.example', 'curl -s -u me:•••••• https://a.example'],
    ['login --password s3cr3t --user me', 'login --password •••••• --user me'],
    ['mysql -u root -ps3cr3t shop', 'mysql -u root -p•••••• shop'],
    [`{"api_key": "${hex}", "n": 1}`, '{"api_key": "••••••", "n": 1}'],
    [JSON.stringify({ body: `{"password":"hunter22"}` }), JSON.stringify({ body: `{"password":"••••••"}` })],
    [`password: 'hunter22'`, `password: '••••••'`],
    [`token: ${hex}`, 'token: ••••••'],
  ])('%s', (text, shown) => expect(masked(text)).toBe(shown));

  it('hides a private key line by line, also one that was cut', () => {
    const key =
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAAB3NzaC1yc2E=\n-----END OPENSSH PRIVATE KEY-----\nnext line';
    expect(masked(key)).toBe('-----BEGIN OPENSSH PRIVATE KEY-----\n••••••\n••••••\n-----END OPENSSH PRIVATE KEY-----\nnext line');
    expect(masked('-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B')).not.toContain('MIIE');
    expect(masked(JSON.stringify({ content: key }))).not.toContain('b3Blbn');
  });

  it('is the same when it is done twice', () => {
    const once = masked(`API_KEY=${hex} curl -H "Authorization: Bearer ${hex}" https://me:s3cr3t@a.example`);
    expect(masked(once)).toBe(once);
  });
});

describe('what is no secret stays', () => {
  it.each([
    'export API_KEY=$(pass show api)',
    'API_KEY=$OTHER ./run',
    'curl -H "Authorization: Bearer $TOKEN" https://a.example',
    'API_KEY=<your key>',
    'const token = await fetchToken(user);',
    'password = getPassword()',
    'token: string;',
    'interface Props { secret: boolean; token: Token }',
    'max_tokens=4096, tokens: 123456',
    'The password is asked for. Tokens: 4,096.',
    'Basic understanding of authentication',
    'https://a.example:8080/path?key',
    'git@github.com:owner/name.git',
    'sha256:9f8e7d6c5b4a39281706f5e4d3c2b1a0',
    'keyboard: "qwertyuiop"',
    'src/auth/token.ts:12: import { Token } from "./token";',
    'docker run -p 8080:80 nginx',
    'mkdir -p src/secret/things',
    'author: somebody12345',
  ])('%s', (text) => expect(masked(text)).toBe(text));
});

it('takes a long text quickly', () => {
  for (const text of [
    'a'.repeat(300_000),
    'token '.repeat(50_000),
    'x-'.repeat(150_000),
    '://'.repeat(100_000),
    'curl '.repeat(60_000),
    `${'A1b2_'.repeat(60_000)}=`,
  ]) {
    const begun = performance.now();
    masked(text);
    expect(performance.now() - begun, text.slice(0, 12)).toBeLessThan(1500);
  }
});
