// The body editor: grows around a plain textarea, which keeps the text for the form and works without it.
import { Editor, Extension, pm } from "django-prose-editor/editor";
import { el } from "desk/dom";
import { bodyHtml } from "desk/editor/body_html";
import { Cut } from "desk/editor/cut";
import { Embed } from "desk/editor/embed";
import { Figure } from "desk/editor/figure";
import { Link } from "desk/editor/links";
import { plain } from "desk/editor/office";
import { cleanPasted } from "desk/editor/pasted";
import { Placing } from "desk/editor/placing";
import { text } from "desk/editor/text";
import { toolbar } from "desk/editor/toolbar";

const FROM_LIBRARY = "Files cannot be put here. Pictures come from the library.";
const WITHOUT_PICTURES = "The pictures were left out. Pictures come from the library.";

// A file dropped on the text would make the browser leave the page, and the words with it.
const noFiles = (tell) => Extension.create({
  name: "noFiles",
  addProseMirrorPlugins() {
    const refuse = (_view, event) => {
      const data = event.clipboardData ?? event.dataTransfer;
      if (!data?.files.length || data.types.includes("text/html")) return false;
      event.preventDefault();
      tell(FROM_LIBRARY);
      return true;
    };
    return [new pm.state.Plugin({ props: { handlePaste: refuse, handleDrop: refuse } })];
  },
});

const toTools = (tools) => Extension.create({
  name: "toTools",
  addKeyboardShortcuts: () => ({ "Alt-F10": () => { tools.focus(); return true; } }),
});

function namesFor(field) {
  const names = { id: `${field.id}_text`, class: "body-editor__text", role: "textbox", "aria-multiline": "true" };
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  names["aria-label"] = (label?.textContent ?? field.getAttribute("aria-label") ?? "Text").trim().replace(/:$/, "");
  for (const name of ["aria-describedby", "aria-invalid", "lang"]) {
    if (field.hasAttribute(name)) names[name] = field.getAttribute(name);
  }
  return { names, label };
}

export function grow(field) {
  if (field.bodyEditor || field.id.includes("__prefix__")) return;
  const library = field.dataset.bodyEditor;
  const table = library && JSON.parse(field.dataset.embeds);
  const { names, label } = namesFor(field);
  const tools = toolbar(names.id, library);
  const status = el("p", { class: "body-editor__status", role: "status" });
  const page = el("div", { class: "body-editor__page" });
  const box = el("div", { class: "body-editor" }, tools.row, status, page);
  const tell = (words) => { status.textContent = words; };
  const paste = (html) => {
    const { html: text, hasPictures } = plain(cleanPasted(html));
    // After the paste, which tells nothing by itself.
    if (hasPictures) queueMicrotask(() => tell(WITHOUT_PICTURES));
    return text;
  };
  field.after(box);

  const editor = new Editor({
    element: page,
    content: cleanPasted(field.value),
    editable: !field.disabled && !field.readOnly,
    extensions: [...text(library), Link, ...(library ? [Figure.configure({ pictures: library }), Embed.configure({ table, tell }), Cut, Placing] : []), noFiles(tell), toTools(tools)],
    // Its style element would break the page's policy; editor.css has the rules.
    injectCSS: false,
    editorProps: { attributes: names, transformPastedHTML: paste },
    onUpdate() {
      tell("");
      const html = bodyHtml(editor);
      if (field.value === html) return;
      field.value = html;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  tools.attach(editor);
  field.hidden = true;
  field.bodyEditor = editor;
  label?.addEventListener("click", () => editor.commands.focus());
  // Another script put a text into the field (an autosave given back): show it.
  field.addEventListener("body-editor:load", () => editor.commands.setContent(cleanPasted(field.value)));
}

// The keys, wherever in the form one is.
document.addEventListener("keydown", (event) => {
  if (event.code !== "Digit0" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const help = document.querySelector('.tools [aria-keyshortcuts="Alt+0"]');
  if (!help || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  help.click();
});

const growIn = (root) => root.querySelectorAll("textarea[data-body-editor]").forEach(grow);
growIn(document);
document.addEventListener("formset:added", (event) => growIn(event.target));
