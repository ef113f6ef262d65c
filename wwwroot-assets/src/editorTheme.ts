import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours are the style sheet's custom properties (css/tokens.css), so that the editor follows the theme without a word from here.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword, tags.definitionKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment, tags.blockComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.propertyName, tags.function(tags.variableName)], color: "var(--code-property)" },
  { tag: [tags.bracket, tags.brace, tags.processingInstruction, tags.special(tags.brace)], color: "var(--code-bracket)" },
]);

export const appearance: Extension = [
  syntaxHighlighting(colours),
  EditorView.theme({
    "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "13px" },
    "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-1px" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
    ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
    ".cm-cursor": { borderLeftColor: "var(--text)" },
    ".cm-gutters": { backgroundColor: "var(--surface-sunken)", color: "var(--text-muted)", borderRight: "1px solid var(--line)" },
    ".cm-activeLine": { backgroundColor: "var(--row-hover)" },
    ".cm-activeLineGutter": { backgroundColor: "var(--row-hover)", color: "var(--text)" },
    ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { backgroundColor: "var(--selection) !important" },
    ".cm-origin-line": { backgroundColor: "var(--origin-line)" },
    ".cm-origin": { backgroundColor: "var(--origin)", outline: "1px solid var(--accent)", borderRadius: "2px" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
    ".cm-completionDetail": { color: "var(--text-muted)", fontStyle: "normal" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected] .cm-completionDetail": { color: "inherit" },
    ".cm-tooltip": { backgroundColor: "var(--surface-raised)", color: "var(--text)", border: "1px solid var(--line-strong)" },
    ".cm-panels": { backgroundColor: "var(--surface-sunken)", color: "var(--text)" },
    ".cm-diagnostic-error": { borderLeftColor: "var(--danger)" },
  }),
];
