// Paints a rendered prompt: turns as bands, tokens as boxes, labels as underlines. Pointing at a piece, or walking through
// the pieces by keyboard, tells where it came from.
import { announce } from "./origins";
import { phrase } from "./phrases";

interface Piece { start: number; end: number; token: number; origin: number; band: number }
interface Token { id: number; text: string; start: number; end: number; trained: boolean; reason: string; special: boolean }
interface Span { start: number; end: number; templateLine: number | null; templateColumn: number | null; messageIndex: number | null; field: string | null }
interface Band { start: number; end: number; role: string; message: number | null }
interface Paint { text: string; pieces: Piece[]; tokens: Token[]; origins: Span[]; bands: Band[] }
export type View = "Roles" | "Tokens" | "Mask" | "Table";

const marks: Record<string, string> = { " ": "sp", "\n": "nl", "\t": "tab" };

export class PromptView {
  private paint: Paint | undefined;
  private pieces: HTMLElement[] = [];
  private active = -1;
  private marked: Element[] = [];
  private pointer: { x: number; y: number } | undefined;
  private readonly listeners = new AbortController();

  constructor(private readonly area: HTMLElement, private readonly status: HTMLElement) {
    const { signal } = this.listeners;
    area.addEventListener("pointermove", event => {
      this.pointer = { x: event.clientX, y: event.clientY };
      this.point(this.indexOf(event.target), false);
    }, { signal });
    area.addEventListener("pointerleave", () => {
      this.pointer = undefined;
      if (document.activeElement !== area) this.point(-1, false);
    }, { signal });
    area.addEventListener("click", event => this.point(this.indexOf(event.target), true), { signal });
    area.addEventListener("keydown", event => this.key(event), { signal });
    area.addEventListener("blur", () => this.point(-1, false), { signal });
  }

  show(paint: Paint, view: View, whitespace: boolean): void {
    this.point(-1, false);
    this.paint = paint;
    this.pieces = [];
    this.area.className = `prompt view-${view.toLowerCase()}${whitespace ? " show-space" : ""}`;
    const bands = document.createDocumentFragment();
    let band: HTMLElement | undefined;
    let shown: number | undefined;
    paint.pieces.forEach((piece, index) => {
      if (band === undefined || shown !== piece.band) {
        band = this.bandOf(paint.bands[piece.band]);
        bands.append(band.parentElement!);
        shown = piece.band;
      }
      const element = this.pieceOf(paint, piece, index);
      this.pieces.push(element);
      band.append(element);
      // A box breaks no line by itself.
      if (view === "Tokens" && paint.text.slice(piece.start, piece.end).includes("\n")) band.append(document.createElement("br"));
    });
    this.area.replaceChildren(bands);
    // What lies under a resting pointer is pointed at still, though no event says so.
    if (this.pointer !== undefined) this.point(this.indexOf(document.elementFromPoint(this.pointer.x, this.pointer.y)), false);
  }

  dispose(): void {
    this.listeners.abort();
    announce(null);
  }

  private bandOf(band: Band | undefined): HTMLElement {
    const row = document.createElement("div");
    const role = band?.role ?? "template";
    row.className = `band role-${/^(system|user|assistant|tool|template|prompt)$/.test(role) ? role : "other"}`;
    const label = document.createElement("span");
    label.className = "band-role";
    label.textContent = phrase(role === "prompt" ? "generation prompt" : role);
    const text = document.createElement("div");
    text.className = "band-text";
    row.append(label, text);
    return text;
  }

  private pieceOf(paint: Paint, piece: Piece, index: number): HTMLElement {
    const element = document.createElement("span");
    const token = paint.tokens[piece.token];
    const first = token !== undefined && piece.start === token.start;
    const last = token !== undefined && piece.end >= token.end;
    element.className = ["piece", token && "token", first && "first", last && "last", token?.special && "special", token && (token.trained ? "trained" : "untrained"),
      paint.origins[piece.origin]?.messageIndex !== null && "from-message"].filter(Boolean).join(" ");
    element.dataset["piece"] = String(index);
    if (last) element.dataset["id"] = String(token.id);
    // The marks are drawn by the style sheet, so that copied text is the prompt's own.
    for (const part of paint.text.slice(piece.start, piece.end).split(/([ \n\t])/)) {
      const mark = marks[part];
      if (mark === undefined) {
        element.append(part);
      } else {
        const space = document.createElement("span");
        space.className = mark;
        space.append(part);
        element.append(space);
      }
    }
    return element;
  }

  private indexOf(target: EventTarget | null): number {
    const piece = target instanceof Element ? target.closest<HTMLElement>("[data-piece]") : null;
    return piece === null ? -1 : Number(piece.dataset["piece"]);
  }

  private key(event: KeyboardEvent): void {
    const end = this.pieces.length - 1;
    const turn = this.paint?.pieces[this.active]?.band;
    const next: Record<string, () => number> = {
      ArrowRight: () => Math.min(this.active + 1, end),
      ArrowLeft: () => Math.max(this.active - 1, 0),
      ArrowDown: () => this.find(this.active, 1, turn),
      ArrowUp: () => this.find(this.active, -1, turn),
      Home: () => 0,
      End: () => end,
      Escape: () => -1,
      Enter: () => this.active,
    };
    const move = next[event.key];
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.point(move(), event.key === "Enter");
    this.pieces[this.active]?.scrollIntoView({ block: "nearest" });
  }

  /** The nearest piece of another turn. */
  private find(from: number, step: number, turn: number | undefined): number {
    let at = Math.max(from, 0);
    while (this.pieces[at + step] !== undefined && this.paint?.pieces[at]?.band === turn) at += step;
    return at;
  }

  private point(index: number, go: boolean): void {
    if (index === this.active && !go) return;
    this.pieces[this.active]?.classList.remove("active");
    for (const element of this.marked) element.removeAttribute("data-origin");
    this.marked = [];
    this.active = index;
    const piece = this.paint?.pieces[index];
    if (this.paint === undefined || piece === undefined) {
      this.status.replaceChildren();
      announce(null);
      return;
    }
    this.pieces[index]?.classList.add("active");
    const span = this.paint.origins[piece.origin];
    this.describe(this.paint.tokens[piece.token], span);
    announce({
      line: span?.templateLine ?? null, column: span?.templateColumn ?? null, message: span?.messageIndex ?? null, field: span?.field ?? null, go,
    });
    if (span?.messageIndex != null) {
      this.marked = [...document.querySelectorAll(`[data-message="${span.messageIndex}"]`)];
      for (const element of this.marked) element.setAttribute("data-origin", "");
      if (go) this.marked[0]?.scrollIntoView({ block: "nearest" });
    }
  }

  private describe(token: Token | undefined, span: Span | undefined): void {
    const facts: string[] = [];
    if (span?.templateLine != null) facts.push(phrase("template line {0}, column {1}", span.templateLine, span.templateColumn));
    if (span?.messageIndex != null) facts.push(phrase("message {0} · {1}", span.messageIndex, span.field));
    else if (span?.field != null) facts.push(span.field);
    else if (span !== undefined) facts.push(phrase("the template's own text"));
    if (token !== undefined) facts.push(phrase("token {0} {1}", token.id, token.text), phrase(token.reason));
    this.status.replaceChildren(...facts.map(fact => {
      const element = document.createElement("span");
      element.textContent = fact;
      return element;
    }));
  }
}

export function create(area: HTMLElement, status: HTMLElement): PromptView {
  return new PromptView(area, status);
}
