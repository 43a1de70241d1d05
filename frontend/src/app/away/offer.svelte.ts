import { askPermission, type Permission, permission } from '../notify';
import { preferences } from '../preferences.svelte';

const name = 'hermes.notify-offer';

/** The one time that notifications are offered: after something was missed. A "not now" is remembered. */
class Offer {
  open = $state(false);
  denied = $state(false);

  missed(): void {
    if (permission() === 'default' && !refused()) this.open = true;
  }

  async accept(): Promise<void> {
    const answer: Permission = await askPermission();
    if (answer === 'granted') {
      preferences.set('notify-ask', 'on');
      preferences.set('notify-end', 'on');
    }
    this.denied = answer === 'denied';
    this.open = this.denied;
    if (answer !== 'default') remember();
  }

  refuse(): void {
    this.open = false;
    remember();
  }
}

export const offer = new Offer();

function refused(): boolean {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return true; // it would be offered again and again
  }
}

function remember(): void {
  try {
    localStorage.setItem(name, 'said');
  } catch {
    // Storage is full or forbidden: it is closed until the page is loaded again.
  }
}
