import base from './playwright.config';

/** Pictures of every screen and state, to be looked at: `npm run shots`, then see tests/shots/out. */
export default {
  ...base,
  testDir: 'tests/shots',
  timeout: 240_000,
  fullyParallel: true,
  use: { ...base.use, trace: 'off', actionTimeout: 15_000 },
};
