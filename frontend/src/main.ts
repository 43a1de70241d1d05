import './styles/index.css';
import './app/theme.svelte';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the shell has no element for the page');
mount(App, { target });
