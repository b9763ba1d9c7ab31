/** Lets every button with `data-disclosure` open and close the element that its `aria-controls` names. */
export function connectDisclosures(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-disclosure]')) {
    const drawer = document.getElementById(button.getAttribute('aria-controls') ?? '');
    if (!drawer) continue;
    button.addEventListener('click', () => {
      drawer.hidden = !drawer.hidden;
      button.setAttribute('aria-expanded', String(!drawer.hidden));
    });
  }
}
