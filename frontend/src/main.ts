import './styles/index.css';
import './app/appearance.svelte';
import { mount } from 'svelte';
import { preferences } from './app/preferences.svelte';
import { meant, speak } from './i18n/tongue';
import Root from './Root.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the shell has no element for the page');
const start = () => mount(Root, { target });
const words = speak(meant(preferences.get('language')));
if (words) void words.then(start);
else start();
