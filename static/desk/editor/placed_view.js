// What stands between blocks as a box with fields: a picture, an embed. Its node is a reference with the story's own words.
import { pm } from "django-prose-editor/editor";
import { el } from "desk/dom";

let views = 0;

// An attribute of the story's own words, kept as data-<name>; empty is not kept.
export const own = (name) => ({
  default: "",
  parseHTML: (dom) => dom.getAttribute(`data-${name}`) ?? "",
  renderHTML: (attributes) => (attributes[name].trim() ? { [`data-${name}`]: attributes[name].trim() } : {}),
});

// Enter on the chosen box goes to its first field.
export const enterFields = (name) => ({
  Enter: ({ editor }) => {
    if (!editor.isActive(name)) return false;
    editor.view.nodeDOM(editor.state.selection.from)?.querySelector("input").focus();
    return true;
  },
});

export class PlacedView {
  constructor(editor, node, getPos) {
    Object.assign(this, { editor, node, getPos, number: ++views, inputs: [] });
  }

  build(...parts) {
    this.dom = el("figure", { class: "placed", contenteditable: "false", keydown: (event) => this.leave(event) }, ...parts);
  }

  // A label and its input for one attribute of the node.
  field(name, label, placeholder) {
    const id = `placed-${this.number}-${name}`;
    const input = el("input", { id, type: "text", autocomplete: "off", value: this.node.attrs[name], placeholder,
      "data-own": name, input: () => this.set({ [name]: input.value }),
      keydown: (event) => { if (event.key === "Enter") event.preventDefault(); } });
    this.inputs.push(input);
    return [el("label", { for: id, text: label }), input];
  }

  set(changes) {
    this.editor.commands.command(({ tr }) => {
      for (const [name, value] of Object.entries(changes)) tr.setNodeAttribute(this.getPos(), name, value);
      return true;
    });
  }

  remove() {
    const at = this.getPos();
    this.editor.chain().command(({ tr }) => {
      tr.delete(at, at + this.node.nodeSize);
      return tr.setSelection(pm.state.Selection.near(tr.doc.resolve(at)));
    }).focus().run();
  }

  // Escape leads from a field back to the text, with the box chosen.
  leave(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.editor.chain().setNodeSelection(this.getPos()).focus().run();
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    const before = this.node;
    this.node = node;
    for (const input of this.inputs) {
      const value = node.attrs[input.dataset.own];
      if (document.activeElement !== input && input.value !== value) input.value = value;
    }
    this.changed(before);
    return true;
  }

  changed() {}
  selectNode() { this.dom.classList.add("is-chosen"); }
  deselectNode() { this.dom.classList.remove("is-chosen"); }
  stopEvent(event) { return Boolean(event.target.closest?.("input, button, label, a")); }
  ignoreMutation() { return true; }
}
