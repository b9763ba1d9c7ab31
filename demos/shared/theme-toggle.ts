import { part } from './parts.ts';

const storageKey = 'insitu-theme';

/** Keep in step with `public/theme-init.js`, which applies the choice before the first paint. */
function remember(theme: string | undefined): void {
  try {
    if (theme) localStorage.setItem(storageKey, theme);
    else localStorage.removeItem(storageKey);
  } catch {
    // Storage is closed to this page: the choice lasts as long as the page.
  }
}

/** Lets the header's button switch between light and dark. Choosing what the system has means following the system again. */
export function connectThemeToggle(): void {
  const button = part(document, 'theme-toggle', HTMLButtonElement);
  const system = matchMedia('(prefers-color-scheme: dark)');
  const { dataset } = document.documentElement;
  const isDark = (): boolean => (dataset.theme ? dataset.theme === 'dark' : system.matches);
  const show = (): void => button.setAttribute('aria-pressed', String(isDark()));

  button.addEventListener('click', () => {
    const dark = !isDark();
    if (dark === system.matches) delete dataset.theme;
    else dataset.theme = dark ? 'dark' : 'light';
    remember(dataset.theme);
    show();
  });
  system.addEventListener('change', show);
  show();
}
