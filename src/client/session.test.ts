import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A storage of a tab: reloads keep it. */
function createStorage() {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

/** What a page asks that was just loaded. */
async function openPage(): Promise<() => string> {
  vi.resetModules();
  return (await import('./session.ts')).sessionName;
}

beforeEach(() => vi.stubGlobal('sessionStorage', createStorage()));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the name of a session', () => {
  it('stays as long as the page', async () => {
    const sessionName = await openPage();
    expect(sessionName()).toMatch(/^\d+-\d+$/);
    expect(sessionName()).toBe(sessionName());
  });

  it('outlives a reload', async () => {
    const name = (await openPage())();
    expect((await openPage())()).toBe(name);
  });

  it('is another one in another tab', async () => {
    const name = (await openPage())();
    vi.stubGlobal('sessionStorage', createStorage());
    expect((await openPage())()).not.toBe(name);
  });

  it('ends when the user clears the storage and reloads', async () => {
    const storage = createStorage();
    vi.stubGlobal('sessionStorage', storage);
    const name = (await openPage())();
    storage.items.clear();
    expect((await openPage())()).not.toBe(name);
  });

  it.each([
    ['there is no storage', () => vi.stubGlobal('sessionStorage', undefined)],
    [
      'the storage is refused',
      () =>
        vi.spyOn(globalThis, 'sessionStorage', 'get').mockImplementation(() => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        }),
    ],
    [
      'the storage takes nothing',
      () =>
        vi.stubGlobal('sessionStorage', {
          getItem: () => null,
          setItem: () => {
            throw new DOMException('Full.', 'QuotaExceededError');
          },
        }),
    ],
  ])('is that of the page where %s', async (_, refuse) => {
    const kept = (await openPage())();
    expect((await openPage())(), 'the control').toBe(kept);
    refuse();
    const sessionName = await openPage();
    const name = sessionName();
    expect(name).toMatch(/^\d+-\d+$/);
    expect(sessionName()).toBe(name);
    expect((await openPage())(), 'a reload forgets it').not.toBe(name);
  });
});
