// A classic script in the head: the chosen theme is set before the first paint.
try {
  const theme = localStorage.getItem('insitu-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to this page: the theme of the system stays.
}
