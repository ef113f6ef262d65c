// Handing things to the reader: the clipboard, and files to save.

import { announce } from "./origins";

/** Takes the reader to a place of the template, line and column from 1. */
export function goTo(line: number, column: number | null): void {
  announce({ line, column, message: null, field: null, go: true });
}

/** Copies; false where the browser does not allow it. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or no secure context: the text stays on the page to be selected
  }
}

/** Saves a text as a file. */
export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Puts a fragment into the address without a step in the history. */
export function setFragment(fragment: string): void {
  history.replaceState(history.state, "", `${location.pathname}${location.search}#${fragment}`);
}
