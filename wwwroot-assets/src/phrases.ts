// The words of the scripts in the page's language. The server puts a catalogue into the page; in English there is none, and the
// key itself is said.

let catalogue: Record<string, string> | undefined;

/** The sentence in the page's language, with {0}, {1}… filled in. */
export function phrase(english: string, ...values: (string | number | null)[]): string {
  catalogue ??= JSON.parse(document.getElementById("phrases")?.textContent ?? "{}") as Record<string, string>;
  return (catalogue[english] ?? english).replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ""));
}
