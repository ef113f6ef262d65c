// Marks in an editor what the reader points at in the prompt: a place in a template, or a field of a message in JSON.
import { syntaxTree } from "@codemirror/language";
import { type EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import { listen, type Origin } from "./origins";

interface Range { from: number; to: number }

const mark = StateEffect.define<Range | null>();
const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(mark)) continue;
      next = effect.value === null ? Decoration.none : Decoration.set([
        Decoration.line({ class: "cm-origin-line" }).range(transaction.state.doc.lineAt(effect.value.from).from),
        ...(effect.value.to > effect.value.from ? [Decoration.mark({ class: "cm-origin" }).range(effect.value.from, effect.value.to)] : []),
      ], true);
    }
    return next;
  },
  provide: self => EditorView.decorations.from(self),
});

/** What an editor shows: the template, or the messages. */
export type Shows = "template" | "messages";

export function originMarks(shows: Shows) {
  return [field, ViewPlugin.define(view => {
    const stop = listen(origin => {
      const range = origin === null ? null : shows === "template" ? inTemplate(view.state, origin) : inMessages(view.state, origin);
      if (range === null && view.state.field(field).size === 0) return;
      view.dispatch({
        effects: range === null ? [mark.of(null)] : [mark.of(range), EditorView.scrollIntoView(range.from, { y: "nearest", yMargin: 30 })],
        ...(range !== null && origin?.go ? { selection: { anchor: range.from } } : {}),
      });
      if (range !== null && origin?.go && (shows === "template" || origin.message !== null)) view.focus();
    });
    return { destroy: stop };
  })];
}

/** From the column to the end of the literal or expression there, as far as the syntax tells. */
function inTemplate(state: EditorState, origin: Origin): Range | null {
  if (origin.line === null || origin.line > state.doc.lines) return null;
  const line = state.doc.line(origin.line);
  const from = Math.min(line.from + (origin.column ?? 1) - 1, line.to);
  const node = syntaxTree(state).resolveInner(from, 1);
  const tagEnd = state.sliceDoc(from, line.to).search(/\s*[-+]?[%}]\}/);
  const to = Math.min(Math.max(node.to, from + 1), tagEnd > 0 ? from + tagEnd : line.to);
  return { from, to };
}

/** The value at messages[index].field, or the deepest value on the way there. */
function inMessages(state: EditorState, origin: Origin): Range | null {
  if (origin.message === null) return null;
  const list = syntaxTree(state).topNode.getChild("Array");
  let node = list === null ? null : item(list, origin.message);
  if (node === null) return null;
  for (const step of (origin.field ?? "").split(/[.[\]]+/).filter(part => part.length > 0)) {
    const next: SyntaxNode | null = node.name === "Array" ? item(node, Number(step)) : node.name === "Object" ? property(state, node, step) : null;
    if (next === null) break;
    node = next;
  }
  return { from: node.from, to: node.to };
}

function item(list: SyntaxNode, index: number): SyntaxNode | null {
  let seen = 0;
  for (let child = list.firstChild; child !== null; child = child.nextSibling) {
    if (/^[[\],]$/.test(child.name)) continue;
    if (seen++ === index) return child;
  }
  return null;
}

function property(state: EditorState, object: SyntaxNode, name: string): SyntaxNode | null {
  for (const child of object.getChildren("Property")) {
    const key = child.getChild("PropertyName");
    if (key !== null && state.sliceDoc(key.from + 1, key.to - 1) === name) return child.lastChild;
  }
  return null;
}
