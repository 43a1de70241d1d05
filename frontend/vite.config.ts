import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const server = process.env.HERMES_WEBUI_DEV_SERVER ?? 'http://127.0.0.1:8787';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // they know light-dark(); the substitute for older ones breaks nested colour schemes
    assetsInlineLimit: 0, // so that the content security policy needs no data: for fonts and styles
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', proxy: { '/api': server, '/health': server } },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], pool: 'threads' },
});
