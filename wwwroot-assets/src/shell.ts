// What every page needs of the browser: the choice of theme, and menus that close.

export type Theme = "light" | "dark";

const cookie = "workbench-theme";
const year = 365 * 24 * 60 * 60;

/** The theme in force: the user's choice, else the system's. */
export function theme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/**
 * Switches at once and remembers. The server reads the cookie and renders both style sheets with the right `media`, so that the next
 * page comes in the right colours from its first paint.
 */
export function setTheme(chosen: Theme): void {
  document.documentElement.dataset["theme"] = chosen;
  for (const sheet of document.querySelectorAll<HTMLLinkElement>("link[data-theme-sheet]")) {
    sheet.media = sheet.dataset["themeSheet"] === chosen ? "all" : "not all";
  }
  document.cookie = `${cookie}=${chosen}; path=/; max-age=${year}; samesite=strict`;
  document.dispatchEvent(new CustomEvent("workbench:theme", { detail: chosen }));
}

// A browser lets something be dropped only where every dragover is answered at once: too often, and too soon, for the server to do it.
document.addEventListener("dragover", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-drop]") !== null) {
    event.preventDefault();
  }
});
