// Keeps the end of a growing text in view, as a terminal does: only while the reader is at the end.

const near = 24;

/** Follows the element's growth until the returned object is disposed. */
export function follow(element: HTMLElement): { dispose(): void } {
  let atEnd = true;
  const onScroll = () => {
    atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < near;
  };
  const observer = new MutationObserver(() => {
    if (atEnd) element.scrollTop = element.scrollHeight;
  });
  element.scrollTop = element.scrollHeight;
  element.addEventListener("scroll", onScroll, { passive: true });
  observer.observe(element, { childList: true, characterData: true, subtree: true });
  return {
    dispose() {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    },
  };
}
