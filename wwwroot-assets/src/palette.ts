// The command palette's dialog: opened by Ctrl+K (or Cmd+K) and by any element with data-palette, closed by Escape, by a click
// beside it, and when something was chosen. What is listed in it is the server's.
import { setTheme, theme } from "./shell";

interface Owner {
  invokeMethodAsync(method: "Opened"): Promise<void>;
}

export function watch(dialog: HTMLDialogElement, owner: Owner): { close(): void; switchTheme(): void; reveal(index: number): void; dispose(): void } {
  const listeners = new AbortController();
  const { signal } = listeners;
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    dialog.querySelector("input")?.focus();
    // What is said to the owner after its circuit ended is lost, and nobody misses it.
    owner.invokeMethodAsync("Opened").catch(() => {});
  };
  document.addEventListener("keydown", event => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  }, { signal });
  document.addEventListener("click", event => {
    if (event.target instanceof Element && event.target.closest("[data-palette]")) open();
  }, { signal });
  dialog.addEventListener("click", event => {
    if (event.target === dialog) dialog.close(); // the backdrop
  }, { signal });
  dialog.addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") event.preventDefault(); // the caret stays
  }, { signal });
  return {
    close: () => dialog.close(),
    switchTheme() {
      setTheme(theme() === "dark" ? "light" : "dark");
      dialog.close();
    },
    reveal: index => dialog.querySelector(`#palette-${index}`)?.scrollIntoView({ block: "nearest" }),
    dispose() {
      listeners.abort();
      dialog.close();
    },
  };
}
