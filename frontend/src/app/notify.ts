import { t } from '../i18n/away';
import { preferences } from './preferences.svelte';

/** `unsupported`: the browser has no notifications, or this address is not secure. */
export type Permission = NotificationPermission | 'unsupported';

interface Shown {
  title: string;
  body: string;
  tag: string;
  /** The session that a click opens. */
  session?: string;
}

/** Whether this browser may show notifications of ours. */
export function permission(): Permission {
  return window.isSecureContext && 'Notification' in window ? Notification.permission : 'unsupported';
}

/** Asks the person. Only after something they pressed: browsers ignore it else. */
export async function askPermission(): Promise<Permission> {
  if (permission() !== 'default') return permission();
  await Notification.requestPermission();
  return permission();
}

/** Shows what a notification looks like, and sounds like if there is a sound. False: it could not be shown. */
export async function tryOut(): Promise<boolean> {
  if (preferences.get('sound') === 'on') tone();
  return show({ title: 'Hermes', body: t('away.sample'), tag: 'hermes:sample' });
}

/** Shows a notification in place of one with the same tag. False: it could not be shown. */
export async function show({ title, body, tag, session }: Shown, onclick = () => {}): Promise<boolean> {
  if (permission() !== 'granted') return false;
  const options: NotificationOptions = { body, tag, silent: true, icon: icon(), data: { session } };
  try {
    const worker = await registration();
    if (worker) {
      await inTurn(() => worker.showNotification(title, options));
      return true;
    }
    const shown = new Notification(title, options);
    shown.onclick = () => {
      window.focus();
      shown.close();
      onclick();
    };
    local.set(tag, shown);
    return true;
  } catch {
    return false; // Android has no notifications of a page without a worker
  }
}

/** Takes a notification back: somebody answered elsewhere, or came. */
export async function close(fits: (tag: string, session: string | undefined) => boolean): Promise<void> {
  const worker = await registration();
  const kept = worker ? await inTurn(() => worker.getNotifications()) : [];
  for (const one of [...local.values(), ...kept]) {
    const { session } = (one.data ?? {}) as { session?: string };
    if (!fits(one.tag, session)) continue;
    one.close();
    local.delete(one.tag);
  }
}

/** Two soft notes. Browsers stay silent until something was pressed in the page. */
export function tone(): void {
  try {
    audio ??= new AudioContext();
    void audio.resume();
    note(audio, 587.33, 0);
    note(audio, 880, 0.14);
  } catch {
    // no sound on this device
  }
}

/** Chromium loses a notification for good if somebody, in any tab, asks for all of them while it is about to be shown. */
function inTurn<T>(deed: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request('hermes.notifications', deed) : deed();
}

const local = new Map<string, Notification>();
let audio: AudioContext | undefined;

function note(on: AudioContext, hertz: number, after: number): void {
  const start = on.currentTime + after;
  const swell = on.createGain();
  swell.gain.setValueAtTime(0, start);
  swell.gain.linearRampToValueAtTime(0.12, start + 0.02);
  swell.gain.exponentialRampToValueAtTime(0.0001, start + 0.45);
  const source = on.createOscillator();
  source.frequency.value = hertz;
  source.connect(swell).connect(on.destination);
  source.start(start);
  source.stop(start + 0.5);
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  if (!('serviceWorker' in navigator)) return undefined;
  const found = await navigator.serviceWorker.getRegistration(document.baseURI);
  return found?.active ? found : undefined;
}

function icon(): string {
  return document.querySelector<HTMLLinkElement>('link[rel="apple-touch-icon"]')?.href ?? '';
}
