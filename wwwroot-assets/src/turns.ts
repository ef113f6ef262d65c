// Cards are numbered by place, so that after a move the focus has to follow the message to its new card.

/** Moves the focus from one card to the same control of another; a button that is disabled there gives it to the role. */
export function focusMoved(from: number, to: number): void {
  const [left, right] = [from, to].map(index => document.querySelector<HTMLElement>(`[data-message="${index}"]`));
  const active = document.activeElement;
  if (!left || !right || !(active instanceof HTMLElement) || !left.contains(active)) return;
  const kind = (element: Element) => element.tagName + (element.getAttribute("title") ?? "");
  const same = [...right.querySelectorAll<HTMLElement>("button, textarea, select, input")].find(element => kind(element) === kind(active));
  const target = same instanceof HTMLButtonElement && same.disabled ? right.querySelector<HTMLElement>("select") : same;
  (target ?? right.querySelector<HTMLElement>("textarea, select"))?.focus();
}
