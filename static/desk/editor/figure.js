// A picture placed in the story: a reference to the library with this story's own caption and alt text.
import { Node, pm } from "django-prose-editor/editor";
import { button, el } from "desk/dom";
import { choosePicture, creditLine, pictureById } from "desk/picker";
import { place } from "desk/editor/placing";

const own = (name) => ({
  default: "",
  parseHTML: (dom) => dom.getAttribute(`data-${name}`) ?? "",
  renderHTML: (attributes) => (attributes[name].trim() ? { [`data-${name}`]: attributes[name].trim() } : {}),
});
const isNumber = (dom) => (/^[1-9]\d*$/.test(dom.getAttribute("data-image")) ? null : false);

export const Figure = Node.create({
  name: "figure",
  group: "placed",
  atom: true,
  selectable: true,
  draggable: true,
  addOptions: () => ({ pictures: "" }),
  addAttributes: () => ({
    image: {
      default: null,
      parseHTML: (dom) => dom.getAttribute("data-image"),
      renderHTML: ({ image }) => ({ "data-image": image }),
    },
    caption: own("caption"),
    alt: own("alt"),
  }),
  parseHTML: () => [{ tag: "figure[data-image]", getAttrs: isNumber }],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes],
  addNodeView() {
    return ({ editor, node, getPos }) => new FigureView(editor, node, getPos, this.options.pictures);
  },
  addKeyboardShortcuts() {
    // Enter on a chosen figure goes to its first field.
    const enter = () => {
      if (!this.editor.isActive("figure")) return false;
      this.editor.view.nodeDOM(this.editor.state.selection.from)?.querySelector("input").focus();
      return true;
    };
    return { Enter: enter };
  },
});

export async function addFigure(editor, library) {
  const picture = await choosePicture(library);
  if (picture) {
    const figure = editor.schema.nodes.figure.create({ image: String(picture.id) });
    editor.commands.command(({ tr }) => Boolean(place(tr, figure)));
  }
  editor.commands.focus();
}

let views = 0;

class FigureView {
  constructor(editor, node, getPos, pictures) {
    Object.assign(this, { editor, node, getPos, pictures, number: ++views });
    this.picture = el("div", { class: "placed__picture" });
    this.caption = this.field("caption", "Caption for this story");
    this.alt = this.field("alt", "Alt text for this story");
    this.dom = el("figure", { class: "placed", contenteditable: "false", keydown: (event) => this.leave(event) },
      this.picture,
      el("div", { class: "placed__fields" }, ...this.caption, ...this.alt,
        el("div", { class: "placed__actions" },
          button("Choose another picture", () => this.change()),
          button("Remove the picture", () => this.remove()))));
    this.draw();
  }

  field(name, label) {
    const id = `figure-${this.number}-${name}`;
    const input = el("input", { id, type: "text", autocomplete: "off", value: this.node.attrs[name], placeholder: "Empty: the library's",
      "data-own": name, input: () => this.set({ [name]: input.value }),
      keydown: (event) => { if (event.key === "Enter") event.preventDefault(); } });
    return [el("label", { for: id, text: label }), input];
  }

  set(changes) {
    this.editor.commands.command(({ tr }) => {
      for (const [name, value] of Object.entries(changes)) tr.setNodeAttribute(this.getPos(), name, value);
      return true;
    });
  }

  async draw() {
    const { image } = this.node.attrs;
    const picture = await pictureById(this.pictures, image).catch(() => undefined);
    if (image !== this.node.attrs.image) return;
    if (!picture) {
      const words = picture === null ? "This picture is no longer in the library." : "The picture library cannot be reached just now.";
      this.picture.replaceChildren(el("p", { text: words }));
      return;
    }
    this.picture.replaceChildren(
      el("img", { src: picture.thumb, alt: picture.alt || picture.title, width: picture.width, height: picture.height, draggable: "false" }),
      el("p", { class: "placed__credit", text: creditLine(picture) }));
    this.caption[1].placeholder = picture.caption ? `The library’s: ${picture.caption}` : "The library has none";
    this.alt[1].placeholder = picture.decorative ? "Decorative: none needed" : picture.alt ? `The library’s: ${picture.alt}` : "The library has none";
  }

  async change() {
    const picture = await choosePicture(this.pictures);
    if (picture) this.set({ image: String(picture.id) });
  }

  remove() {
    const at = this.getPos();
    this.editor.chain().command(({ tr }) => {
      tr.delete(at, at + this.node.nodeSize);
      return tr.setSelection(pm.state.Selection.near(tr.doc.resolve(at)));
    }).focus().run();
  }

  // Escape leads from a field back to the text, with the figure chosen.
  leave(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.editor.chain().setNodeSelection(this.getPos()).focus().run();
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    const changed = node.attrs.image !== this.node.attrs.image;
    this.node = node;
    for (const [, input] of [this.caption, this.alt]) {
      const value = node.attrs[input.dataset.own];
      if (document.activeElement !== input && input.value !== value) input.value = value;
    }
    if (changed) this.draw();
    return true;
  }

  selectNode() { this.dom.classList.add("is-chosen"); }
  deselectNode() { this.dom.classList.remove("is-chosen"); }
  stopEvent(event) { return Boolean(event.target.closest?.("input, button, label")); }
  ignoreMutation() { return true; }
}
