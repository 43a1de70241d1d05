import { describe, expect, test } from 'vitest';
import { dice, FakeTab, World } from './stream/world.testing';

function expectWhole(world: World): void {
  for (const tab of world.tabs) {
    if (tab.gone) continue;
    for (const [what, want, got] of tab.account()) expect(got, `tab ${world.tabs.indexOf(tab)}: ${what}`).toEqual(want);
  }
}

async function beat(world: World, ms: number): Promise<void> {
  for (let t = 0; t < ms; t += 10_000) {
    world.ping();
    await world.pass(Math.min(10_000, ms - t));
  }
}

async function three(): Promise<[World, FakeTab, FakeTab, FakeTab]> {
  const world = new World(dice(7));
  const tabs = [world.tab(), world.tab(), world.tab()] as const;
  await world.pass(1_000);
  return [world, ...tabs];
}

describe('several tabs', () => {
  test('share one stream and all are live', async () => {
    const [world, a, b, c] = await three();
    expect(world.connections.size).toBe(1);
    b.open('ses_b');
    c.open('ses_c');
    await world.pass(100);
    world.append('ses_b', 'text_appended');
    world.append('ses_c', 'text_appended');
    world.append('ses_x', 'turn_queued');
    world.append('ses_x', 'text_appended');
    await world.pass(100);
    expectWhole(world);
    expect([a, b, c].map((t) => t.states)).toEqual([['live'], ['live'], ['live']]);
    expect(world.connections.size).toBe(1);
  });

  test('the owner closed: the next goes on without a gap', async () => {
    const [world, a, b, c] = await three();
    const owner = [a, b, c].find((t) => t.leads);
    for (const t of [a, b, c]) t.open('ses_s');
    await world.pass(100);
    world.append('ses_s', 'text_appended');
    await world.pass(100);
    owner?.kill();
    world.append('ses_s', 'text_appended');
    world.append('ses_s', 'turn_queued');
    await world.pass(100);
    world.append('ses_s', 'text_appended');
    await world.pass(100);
    expectWhole(world);
    expect(world.connections.size).toBe(1);
  });

  test('the owner frozen: within 40 s another takes over, and the frozen one catches up', async () => {
    const [world, a, b, c] = await three();
    for (const t of [a, b, c]) t.open('ses_s');
    await world.pass(100);
    const owner = [a, b, c].find((t) => t.leads);
    if (owner) owner.frozen = true;
    world.append('ses_s', 'text_appended');
    await beat(world, 40_000);
    expect(owner?.leads).toBe(false);
    for (const t of [a, b, c]) if (t !== owner) expect(t.sessions.get('ses_s')?.seqs).toHaveLength(1);
    world.append('ses_s', 'text_appended');
    if (owner) owner.frozen = false;
    await beat(world, 20_000);
    expectWhole(world);
    expect(world.connections.size).toBe(1);
  });

  test('what is open nowhere leaves the filter', async () => {
    const [world, a] = await three();
    a.open('ses_s');
    await world.pass(100);
    a.shut('ses_s');
    await beat(world, 30_000);
    expect([...world.connections].flatMap((c) => [...c.sessions])).toEqual([]);
  });

  test('opening a fresh snapshot of what is streamed already needs no new connection', async () => {
    const [world, a, b] = await three();
    a.open('ses_s');
    await world.pass(100);
    const before = world.opened;
    b.open('ses_s');
    await world.pass(100);
    world.append('ses_s', 'text_appended');
    await world.pass(100);
    expectWhole(world);
    expect(world.opened).toBe(before);
  });
});

describe('trouble', () => {
  test('a stream without a ping for 25 s is replaced', async () => {
    const [world, a] = await three();
    a.open('ses_s');
    await world.pass(100);
    const [silent] = world.connections;
    world.connections.clear(); // it hangs
    world.append('ses_s', 'text_appended');
    await world.pass(26_000);
    expect([...world.connections]).not.toContain(silent);
    expectWhole(world);
  });

  test('a server that is down is tried again, gently, and said to be lost', async () => {
    const [world, a] = await three();
    a.open('ses_s');
    await world.pass(100);
    world.down = true;
    for (const c of [...world.connections]) c.fail();
    const before = world.opened;
    await world.pass(60_000);
    const tries = world.opened - before;
    expect(tries).toBeGreaterThan(9);
    expect(tries).toBeLessThan(30);
    expect(a.states.at(-1)).toBe('lost');
    world.append('ses_s', 'text_appended');
    world.down = false;
    await world.pass(6_000);
    expect(a.states.at(-1)).toBe('live');
    expectWhole(world);
  });

  test('closing comes back when it was asked to, and nobody hears of it', async () => {
    const [world, a] = await three();
    for (const c of world.connections) c.tell('closing', { retry_ms: 500 });
    await world.pass(100);
    expect(world.connections.size).toBe(0);
    await world.pass(500);
    expect(world.connections.size).toBe(1);
    expect(a.states).toEqual(['live']);
  });

  test.each([
    [
      'another log',
      (w: World) => {
        w.logId = 'log-2';
      },
    ],
    [
      'events that were taken back',
      (w: World) => {
        w.epochs = [...w.epochs, ['run-2', w.seq]];
      },
    ],
    [
      'a cursor past the newest',
      (w: World) => {
        w.seq -= 9;
        w.log = w.log.filter((e) => e.seq <= w.seq);
      },
    ],
  ])('%s resets every tab once, and then all goes on', async (_, change) => {
    const [world, a, b, c] = await three();
    a.open('ses_s');
    await world.pass(100);
    for (let i = 0; i < 5; i++) world.append('ses_s', 'turn_queued');
    await world.pass(100);
    change(world);
    for (const s of [...world.connections]) s.fail();
    await world.pass(5_000);
    expect([a, b, c].map((t) => t.resets)).toEqual([1, 1, 1]);
    world.append('ses_s', 'text_appended');
    world.append('ses_s', 'turn_queued');
    await world.pass(1_000);
    expectWhole(world);
  });

  test('a restart that took nothing back resets nobody', async () => {
    const [world, a, b, c] = await three();
    world.append('ses_s', 'turn_queued');
    await world.pass(100);
    world.epochs = [...world.epochs, ['run-2', world.seq + 1]];
    for (const s of [...world.connections]) s.fail();
    await world.pass(5_000);
    expect([a, b, c].map((t) => t.resets)).toEqual([0, 0, 0]);
  });

  test('a kind that the page does not know reloads it once, then says so', async () => {
    const world = new World(dice(1));
    world.kinds = [...world.kinds, 'turn_sung'];
    const a = world.tab();
    await world.pass(1_000);
    expect(a.reloads).toBe(1);
    expect(a.states).toEqual(['newer']);
  });

  test('a late tab hears the statuses that are true now', async () => {
    const [world] = await three();
    for (const c of world.connections) c.tell('status', { topic: 'agents', doc: { ok: true } });
    await world.pass(100);
    const late = world.tab();
    await world.pass(100);
    expect(late.statuses.get('agents')).toEqual({ ok: true });
  });
});

describe('without Web Locks', () => {
  test('a tab hidden for 30 s gives its stream back and catches up when it is seen', async () => {
    const world = new World(dice(3));
    const tab = new FakeTab(world, false);
    world.tabs.push(tab);
    tab.open('ses_s');
    await world.pass(100);
    tab.change('hidden');
    await beat(world, 20_000);
    expect(world.connections.size).toBe(1);
    await beat(world, 20_000);
    expect(world.connections.size).toBe(0);
    world.append('ses_s', 'text_appended');
    tab.change('visible');
    await world.pass(1_000);
    expectWhole(world);
  });
});

const sessions = ['ses_a', 'ses_b', 'ses_c', 'ses_d'];

async function chaos(world: World, roll: (n: number) => number): Promise<void> {
  const alive = world.tabs.filter((t) => !t.gone && !t.frozen);
  const tab = alive[roll(alive.length)];
  const session = sessions[roll(sessions.length)] ?? 'ses_a';
  switch (roll(16)) {
    case 0:
      if (world.tabs.filter((t) => !t.gone).length < 5) world.tab();
      return;
    case 1:
      if (alive.length > 1) tab?.kill();
      return;
    case 2:
      if (alive.length > 1 && tab) tab.frozen = true;
      return;
    case 3:
      for (const t of world.tabs) if (roll(2)) t.frozen = false;
      return;
    case 4:
    case 5: {
      const seq = Math.max(world.seq - roll(6), tab?.list.from ?? 0); // a snapshot that took its time
      if (tab && !tab.sessions.has(session)) tab.open(session, seq);
      return;
    }
    case 6:
      tab?.shut(session);
      return;
    case 7:
      for (const c of [...world.connections]) if (roll(2)) c.tab.queue.push(() => c.fail());
      return;
    case 8:
      return beat(world, roll(40_000));
    case 9:
      world.ping();
      return world.pass(roll(30));
    case 10:
      tab?.change('sleep');
      if (tab) tab.change('wake');
      return;
    default:
      for (let i = roll(4); i >= 0; i--) world.append(session, roll(4) ? 'text_appended' : 'turn_queued');
      for (let i = roll(30); i > 0; i--) await world.step();
  }
}

test.each(Array.from({ length: 120 }, (_, i) => i + 1))('no event is missed or doubled: schedule %i', async (seed) => {
  const roll = dice(seed);
  const world = new World(roll);
  world.tab();
  for (let i = 0; i < 120; i++) await chaos(world, roll);
  for (const t of world.tabs) t.frozen = false;
  await beat(world, 120_000);
  for (const s of sessions) world.append(s, 'text_appended');
  await beat(world, 20_000);
  expectWhole(world);
  expect(world.connections.size).toBe(1);
  expect(world.tabs.every((t) => t.resets === 0)).toBe(true);
});

describe('what the server is told about a browser', () => {
  const told = (world: World) => [...world.shown.values()].at(-1);

  async function two(): Promise<[World, FakeTab, FakeTab]> {
    const world = new World(dice(3));
    const [a, b] = [world.tab(), world.tab()];
    a.hidden = true;
    a.change('hidden');
    await world.pass(1_000);
    return [world, a, b];
  }

  test('the session of the tab that can be seen, whichever tab owns the stream', async () => {
    const [world, a, b] = await two();
    a.open('ses_a');
    b.open('ses_b');
    await world.pass(100);
    expect(told(world)).toEqual({ visible: true, session: 'ses_b' });
    b.hidden = true;
    b.change('hidden');
    await world.pass(100);
    expect(told(world)).toEqual({ visible: false });
    for (const tab of [a, b]) expect(tab.events.presence().visible).toBe(false);
    a.hidden = false;
    a.change('visible');
    await world.pass(100);
    expect(told(world)).toEqual({ visible: true, session: 'ses_a' });
    expect([a, b].map((tab) => tab.events.presence().owner)).toEqual([a.leads, b.leads]);
  });

  test('a tab that was killed while it was visible is not taken for seen', async () => {
    const [world, a, b] = await two();
    expect(told(world)).toEqual({ visible: true });
    b.kill();
    await beat(world, 60_000);
    expect(told(world)).toEqual({ visible: false });
    expect(a.events.presence()).toEqual({ owner: true, visible: false });
  });

  test('it is told again on a new connection, which knows nothing of it', async () => {
    const [world] = await two();
    world.shown.clear();
    for (const c of [...world.connections]) c.fail();
    await world.pass(1_000);
    expect(told(world)).toEqual({ visible: true });
  });
});

test('a person who does not wait is connected at once, from any tab', async () => {
  const world = new World(dice(5));
  const [a, b] = [world.tab(), world.tab()];
  await world.pass(1_000);
  world.down = true;
  for (const c of [...world.connections]) c.fail();
  await world.pass(30_000);
  expect(a.states.at(-1)).toBe('lost');
  world.down = false;
  const follower = a.leads ? b : a;
  follower.events.hurry();
  await world.pass(1);
  expect([a, b].map((tab) => tab.states.at(-1))).toEqual(['live', 'live']);
});
