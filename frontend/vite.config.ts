import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const server = process.env.HERMES_WEBUI_DEV_SERVER ?? 'http://127.0.0.1:8787';

interface Graph {
  getModuleInfo(id: string): { importers: readonly string[]; isEntry: boolean } | null;
}

/** Whether the page needs a module before it shows anything. */
function atOnce(id: string, graph: Graph, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const module = graph.getModuleInfo(id);
  if (!module || id === sw) return false;
  return module.isEntry || module.importers.some((from) => atOnce(from, graph, seen));
}

const sw = resolve('src/sw.ts');

/** Written into the service worker, and packed as well as can be. */
let shell: readonly string[] = [];

/** What the page needs at once, and what it loads as soon as it rests: with these files it opens without the server. */
const shellFiles: Plugin = {
  name: 'shell-files',
  apply: 'build',
  enforce: 'post',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
    const own = chunks.find((chunk) => chunk.facadeModuleId === sw);
    if (!own) this.error('there is no service worker to write the files into');
    const wanted = ['index.html', 'src/features/shell/away.ts'].map((file) => resolve(file));
    const files = new Set<string>();
    const add = (name: string) => {
      const chunk = chunks.find((c) => c.fileName === name);
      if (!chunk || files.has(name)) return;
      files.add(name);
      for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style);
      chunk.imports.forEach(add);
    };
    for (const chunk of chunks) if (wanted.includes(chunk.facadeModuleId ?? '')) add(chunk.fileName);
    const html = bundle['index.html'];
    shell = [...files].sort();
    const hash = createHash('sha256')
      .update(shell.join())
      .update(html?.type === 'asset' ? html.source : '');
    own.code = own.code.replace('__SHELL__', JSON.stringify({ version: hash.digest('hex').slice(0, 12), files: shell }));
  },
  // The runner of the build packs everything with gzip; what each cold opening needs is worth more.
  writeBundle({ dir = 'dist' }) {
    for (const name of shell) {
      const file = resolve(dir, name);
      writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
    }
  },
};

/** Our own frame around the drawings of Lucide: theirs is as large as twenty icons. */
const lightIcons: Plugin = {
  name: 'light-icons',
  enforce: 'pre',
  resolveId: (source, from) =>
    source === '../Icon.svelte' && from?.includes('/@lucide/svelte/') ? resolve('src/ui/Icon.svelte') : null,
};

export default defineConfig({
  plugins: [lightIcons, svelte(), shellFiles],
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // they know light-dark(); the substitute for older ones breaks nested colour schemes
    assetsInlineLimit: 0, // so that the content security policy needs no data: for fonts and styles
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', sw },
      output: {
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'), // its place says for what it is
        // One file for all that is needed at once: parts of it that others share too would be files of their own.
        codeSplitting: { groups: [{ name: (id, graph) => (atOnce(id, graph) ? 'page' : null) }] },
      },
    },
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
