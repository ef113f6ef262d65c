// Where a character of a rendered prompt came from, told by the prompt to the editors and the cards of the same page.

/** A place in the template (line and column from 1) and in the messages. */
export interface Origin {
  line: number | null;
  column: number | null;
  message: number | null;
  field: string | null;
  /** Whether the reader asked to go there, not only to see it. */
  go: boolean;
}

const name = "workbench:origin";

/** Tells everyone; null when nothing is pointed at any more. */
export function announce(origin: Origin | null): void {
  document.dispatchEvent(new CustomEvent<Origin | null>(name, { detail: origin }));
}

/** Listens until the returned function is called. */
export function listen(heard: (origin: Origin | null) => void): () => void {
  const listener = (event: Event) => heard((event as CustomEvent<Origin | null>).detail);
  document.addEventListener(name, listener);
  return () => document.removeEventListener(name, listener);
}
