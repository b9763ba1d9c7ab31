/** Narrow screens show a part of the links: the one of this page is to be among them. */
export function revealCurrentPage(): void {
  const link = document.querySelector<HTMLElement>('.site-nav [aria-current]');
  const nav = link?.parentElement;
  if (link && nav) nav.scrollLeft = link.offsetLeft - nav.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
}
