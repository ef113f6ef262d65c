import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { jinja } from "@codemirror/lang-jinja";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { originMarks, type Shows } from "./editorOrigins";
import { appearance } from "./editorTheme";
import { jinjaCompletion } from "./jinjaCompletion";

/** What the component says about the editor. */
export interface EditorOptions {
  language: "jinja" | "json" | "text";
  label: string;
  text: string;
  readOnly: boolean;
  debounce: number;
  /** What the prompt's origins mean in this editor. */
  origin: Shows | null;
}

/** A fault of the text: line and column from 1. */
export interface Fault {
  line: number | null;
  column: number | null;
  message: string;
  severity: "error" | "warning" | "info";
}

interface Owner {
  invokeMethodAsync(method: "TextChanged", text: string): Promise<void>;
}

export class Editor {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly view: EditorView;
  // Text that came from the server must not be sent back as the user's.
  private silent = false;

  constructor(element: HTMLElement, owner: Owner, options: EditorOptions) {
    const send = () => {
      this.cancel();
      // Rejected when the circuit is gone or the component disposed: nobody waits for the text any more.
      owner.invokeMethodAsync("TextChanged", this.view.state.doc.toString()).catch(() => {});
    };
    this.view = new EditorView({
      parent: element,
      doc: options.text,
      extensions: [
        lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(), drawSelection(), history(),
        indentOnInput(), bracketMatching(), closeBrackets(), highlightSelectionMatches(), lintGutter(), indentUnit.of("  "),
        // Tab is left to the browser: it must lead out of the editor (WCAG 2.1.2).
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap]),
        options.language === "jinja" ? [jinja(), jinjaCompletion] : options.language === "json" ? json() : [],
        options.origin === null ? [] : originMarks(options.origin),
        EditorState.readOnly.of(options.readOnly),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0", spellcheck: "false" }),
        appearance,
        EditorView.updateListener.of(update => {
          if (!update.docChanged || this.silent) return;
          clearTimeout(this.timer);
          this.timer = setTimeout(send, options.debounce);
        }),
        // Whoever leaves the editor for a button wants it to act on what was typed last.
        EditorView.domEventHandlers({ blur: () => { if (this.timer !== undefined) send(); } }),
      ],
    });
  }

  /** Replaces the text without telling the owner. */
  setText(text: string): void {
    if (text === this.view.state.doc.toString()) return;
    this.cancel();
    this.silent = true;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.silent = false;
  }

  /** Underlines the faults; none clears them. */
  setFaults(faults: Fault[]): void {
    const { doc } = this.view.state;
    this.view.dispatch(setDiagnostics(this.view.state, faults.map(fault => {
      const line = doc.line(Math.min(Math.max(fault.line ?? 1, 1), doc.lines));
      const from = Math.min(line.from + Math.max((fault.column ?? 1) - 1, 0), line.to);
      return { from: fault.column === null ? line.from : from, to: line.to, severity: fault.severity, message: fault.message };
    })));
  }

  dispose(): void {
    this.cancel();
    this.view.destroy();
  }

  private cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

export function create(element: HTMLElement, owner: Owner, options: EditorOptions): Editor {
  return new Editor(element, owner, options);
}
