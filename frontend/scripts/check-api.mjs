// Fails when src/api/schema.d.ts is not what the server's openapi.json gives.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dir = mkdtempSync(join(tmpdir(), 'api-'));
try {
  const fresh = join(dir, 'schema.d.ts');
  execFileSync(join('node_modules', '.bin', 'openapi-typescript'), ['../server/openapi.json', '-o', fresh], { stdio: 'ignore' });
  if (readFileSync(fresh, 'utf8') !== readFileSync('src/api/schema.d.ts', 'utf8')) {
    console.error('src/api/schema.d.ts is stale: run npm run api');
    process.exit(1);
  }
} finally {
  rmSync(dir, { recursive: true });
}
