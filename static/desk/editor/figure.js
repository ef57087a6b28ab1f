// A picture placed in the story: a reference to the library with this story's own caption and alt text.
import { Node } from "django-prose-editor/editor";
import { button, el } from "desk/dom";
import { choosePicture, creditLine, notes, pictureById } from "desk/picker";
import { enterFields, own, PlacedView } from "desk/editor/placed_view";
import { place } from "desk/editor/placing";

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
  addKeyboardShortcuts: () => enterFields("figure"),
});

export async function addFigure(editor, library) {
  const picture = await choosePicture(library);
  if (picture) {
    const figure = editor.schema.nodes.figure.create({ image: String(picture.id) });
    editor.commands.command(({ tr }) => Boolean(place(tr, figure)));
  }
  editor.commands.focus();
}

class FigureView extends PlacedView {
  constructor(editor, node, getPos, pictures) {
    super(editor, node, getPos);
    this.pictures = pictures;
    this.picture = el("div", { class: "placed__picture" });
    this.caption = this.field("caption", "Caption for this story", "Empty: the library's");
    this.alt = this.field("alt", "Alt text for this story", "Empty: the library's");
    this.build(this.picture,
      el("div", { class: "placed__fields" }, ...this.caption, ...this.alt,
        el("div", { class: "placed__actions" },
          button("Choose another picture", () => this.change()),
          button("Remove the picture", () => this.remove()))));
    this.draw();
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
      el("p", { class: "placed__credit", text: creditLine(picture) }),
      el("p", { class: "placed__credit" }, ...notes(picture)));
    this.caption[1].placeholder = picture.caption ? `The library’s: ${picture.caption}` : "The library has none";
    this.alt[1].placeholder = picture.decorative ? "Decorative: none needed" : picture.alt ? `The library’s: ${picture.alt}` : "The library has none";
  }

  async change() {
    const picture = await choosePicture(this.pictures);
    if (picture) this.set({ image: String(picture.id) });
  }

  changed(before) {
    if (before.attrs.image !== this.node.attrs.image) this.draw();
  }
}
