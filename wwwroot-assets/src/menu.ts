// The navigation of a narrow window: opened as a drawer that takes the focus, gives it back, and closes on Escape.

interface Owner {
  invokeMethodAsync(method: "CloseMenu"): Promise<void>;
}

/** Watches the drawer; what is said to the owner after its circuit ended is lost, and nobody misses it. */
export function watch(shell: HTMLElement, owner: Owner): { opened(): void; dispose(): void } {
  const listeners = new AbortController();
  const toggle = shell.querySelector<HTMLElement>("[aria-controls='navigation']");
  shell.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !shell.classList.contains("nav-open")) return;
    toggle?.focus();
    owner.invokeMethodAsync("CloseMenu").catch(() => {});
  }, { signal: listeners.signal });
  return {
    opened() {
      shell.querySelector<HTMLElement>("#navigation nav a")?.focus();
    },
    dispose() {
      listeners.abort();
    },
  };
}
