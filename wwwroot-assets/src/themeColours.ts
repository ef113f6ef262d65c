// The theme's colours as plain values: a custom property keeps its light-dark() pair, only a real property is computed to one of them.

const names = ["--line", "--line-strong", "--text", "--text-muted", "--surface-raised",
  "--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6", "--series-7", "--series-8"] as const;

/** Curves that can be told apart; further ones begin again. */
export const seriesColours = 8;

export function themeColours(element: HTMLElement): (name: string) => string {
  const probe = element.ownerDocument.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const known = new Map<string, string>(names.map(name => {
    probe.style.color = `var(${name})`;
    return [name, getComputedStyle(probe).color];
  }));
  probe.remove();
  return name => known.get(name) ?? "";
}
