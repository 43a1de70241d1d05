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
  worker: { format: 'es' }, // grammars are loaded when they are needed, also in a worker
  experimental: {
    // The server may stand under a path prefix, which only the shell knows: files find each other by where they are.
    renderBuiltUrl: (_, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  server: { host: '127.0.0.1', proxy: { '/api': server, '/health': server } },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], pool: 'threads' },
});
