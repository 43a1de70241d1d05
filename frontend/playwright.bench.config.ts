import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/** Measures, one after another: `npm run bench`, or `go run ./build bench`. */
export default defineConfig({ ...base, testDir: 'tests/perf', workers: 1, use: { ...base.use, trace: 'off' } });
