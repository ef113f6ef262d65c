// What a token tells when it is pointed at or reached with the arrow keys: its id, its probability, and what else might have come.
// The server writes the figures into data-token; one bubble serves the whole page.
import { phrase } from "./phrases";

interface Token {
  id: number;
  s: string;
  lp?: number;
  h?: number;
  top?: [text: string, logProbability: number, chosen: boolean][];
}

/** Watches the answers under an element. */
export function watch(root: HTMLElement): { dispose(): void } {
  const listeners = new AbortController();
  const { signal } = listeners;
  const bubble = document.createElement("div");
  bubble.className = "token-bubble";
  bubble.setAttribute("role", "status");
  document.body.append(bubble);
  let current: HTMLElement | null = null;

  const show = (token: HTMLElement | null) => {
    current?.classList.remove("pointed");
    current = token;
    bubble.classList.toggle("shown", token !== null);
    if (!token) return;
    token.classList.add("pointed");
    bubble.replaceChildren(...describe(JSON.parse(token.dataset["token"]!) as Token));
    place(bubble, token);
  };

  root.addEventListener("pointerover", event => show(tokenAt(event.target)), { signal });
  root.addEventListener("pointerleave", () => show(null), { signal });
  root.addEventListener("focusout", () => show(null), { signal });
  root.addEventListener("keydown", event => {
    const strip = event.target instanceof HTMLElement && event.target.classList.contains("tokens") ? event.target : null;
    if (!strip) return;
    const to = reached(event.key, strip, current);
    if (to === undefined) return;
    event.preventDefault();
    show(to);
    to?.scrollIntoView({ block: "nearest" });
  }, { signal });
  document.addEventListener("scroll", () => { if (current) place(bubble, current); }, { signal, capture: true, passive: true });
  return {
    dispose() {
      listeners.abort();
      bubble.remove();
    },
  };
}

function tokenAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-token]") : null;
}

/** The token that a key leads to: null lets go, undefined is no key of ours. */
function reached(key: string, strip: HTMLElement, current: HTMLElement | null): HTMLElement | null | undefined {
  const tokens = [...strip.querySelectorAll<HTMLElement>("[data-token]")];
  const at = current ? tokens.indexOf(current) : -1;
  switch (key) {
    case "ArrowRight": return tokens[Math.min(at + 1, tokens.length - 1)] ?? null;
    case "ArrowLeft": return tokens[Math.max(at - 1, 0)] ?? null;
    case "Home": return tokens[0] ?? null;
    case "End": return tokens[tokens.length - 1] ?? null;
    case "Escape": return current ? null : undefined;
    default: return undefined;
  }
}

function describe(token: Token): HTMLElement[] {
  const head = element("p", "token-head");
  head.append(element("code", "", visible(token.s)), element("span", "muted", phrase("id {0}", token.id)));
  if (token.lp === undefined) return [head];
  const figures = element("p", "muted", phrase("probability {0}, entropy {1} nats", percent(token.lp), (token.h ?? 0).toFixed(2)));
  const list = element("ol", "token-top");
  for (const [text, logProbability, chosen] of token.top ?? []) {
    const item = element("li", chosen ? "chosen" : "");
    const bar = element("span", "token-bar");
    bar.style.inlineSize = `${Math.exp(logProbability) * 100}%`;
    item.append(element("code", "", visible(text)), element("span", "number", percent(logProbability)), bar);
    list.append(item);
  }
  return [head, figures, list];
}

function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function percent(logProbability: number): string {
  const share = Math.exp(logProbability) * 100;
  return share >= 0.1 ? `${share.toFixed(1)} %` : "< 0.1 %";
}

/** White space as signs, so that it can be seen. */
function visible(text: string): string {
  return text.replace(/\n/g, "⏎").replace(/\t/g, "⇥").replace(/^ | $/g, "␣") || "∅";
}

/** Under the token, or over it where there is no room. */
function place(bubble: HTMLElement, token: HTMLElement): void {
  const box = token.getClientRects()[0] ?? token.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = bubble;
  const below = box.bottom + 6 + height <= innerHeight;
  bubble.style.insetInlineStart = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  bubble.style.insetBlockStart = `${below ? box.bottom + 6 : Math.max(8, box.top - height - 6)}px`;
}
