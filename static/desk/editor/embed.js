// A video, post or chart of others: a reference with the story's caption. Nothing is asked of a provider here.
import { Node, pm } from "django-prose-editor/editor";
import { button, el, openDialog } from "desk/dom";
import { enterFields, own, PlacedView } from "desk/editor/placed_view";
import { place } from "desk/editor/placing";

const EMBEDDED = "Embedded. Undo takes it back and leaves the address.";

// Reads what was pasted by the server's own table (articles/embeds.py): { reference } or { refusal }, in words.
export function readEmbed(table, pasted) {
  let text = pasted.trim().replaceAll("&amp;", "&");
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+\//i.test(text)) text = `https://${text}`;
  const addresses = text.match(/https?:\/\/[^\s"'<>]+/gi) ?? [];
  for (const address of addresses) {
    for (const { key, form, addresses: forms } of table.providers) {
      for (const each of forms) {
        const found = new RegExp(each, "i").exec(address);
        const id = found?.slice(1).join("/");
        if (id && new RegExp(form).test(id)) return { reference: `${key}:${id}` };
      }
    }
  }
  if (!addresses.length) return { refusal: table.noAddress };
  const hint = table.hints.find(([form]) => new RegExp(form, "i").test(addresses[0]));
  return { refusal: hint ? hint[1] : table.notAllowed };
}

function thing(table, reference) {
  const [key, id] = reference.split(/:(.*)/s);
  const provider = table.providers.find((each) => each.key === key);
  return provider && new RegExp(provider.form).test(id) ? { ...provider, id, address: provider.link.replace("{}", id) } : null;
}

export const Embed = Node.create({
  name: "embed",
  group: "placed",
  atom: true,
  selectable: true,
  draggable: true,
  addOptions: () => ({ table: null, tell: () => {} }),
  addStorage() {
    return { table: this.options.table };
  },
  addAttributes: () => ({
    reference: {
      default: null,
      parseHTML: (dom) => dom.getAttribute("data-embed"),
      renderHTML: ({ reference }) => ({ "data-embed": reference }),
    },
    caption: own("caption"),
  }),
  parseHTML() {
    return [{ tag: "figure[data-embed]", getAttrs: (dom) => (thing(this.options.table, dom.getAttribute("data-embed")) ? null : false) }];
  },
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes],
  addNodeView() {
    return ({ editor, node, getPos }) => new EmbedView(editor, node, getPos, this.options.table);
  },
  addKeyboardShortcuts: () => enterFields("embed"),
  addProseMirrorPlugins() {
    // An address alone, pasted on an empty line, is embedded; Undo leaves the address as words.
    const handlePaste = (view, event) => {
      const text = event.clipboardData?.getData("text/plain").trim() ?? "";
      const { $from, empty } = view.state.selection;
      if (!/^\S+\.\S+$/.test(text) || !empty || $from.depth !== 1 || !isEmptyParagraph($from.parent)) return false;
      const { reference } = readEmbed(this.options.table, text);
      if (!reference) return false;
      view.dispatch(view.state.tr.insertText(text));
      const { tr, selection: { $from: line } } = view.state;
      tr.replaceWith(line.before(1), line.after(1), this.type.create({ reference }));
      const after = tr.mapping.map(line.after(1));
      if (!tr.doc.nodeAt(after)?.isTextblock) tr.insert(after, view.state.schema.nodes.paragraph.create());
      tr.setSelection(pm.state.Selection.near(tr.doc.resolve(after), 1));
      view.dispatch(pm.history.closeHistory(tr).scrollIntoView());
      queueMicrotask(() => this.options.tell(EMBEDDED));
      return true;
    };
    return [new pm.state.Plugin({ props: { handlePaste } })];
  },
});

const isEmptyParagraph = (node) => node.type.name === "paragraph" && !node.content.size;

export async function addEmbed(editor) {
  const reference = await askForEmbed(editor.storage.embed.table);
  if (reference) {
    const embed = editor.schema.nodes.embed.create({ reference });
    editor.commands.command(({ tr }) => Boolean(place(tr, embed)));
  }
  editor.commands.focus();
}

function askForEmbed(table) {
  return openDialog("Embed a video, post or chart", (close) => {
    const address = el("input", { id: "embed-address", type: "text", inputmode: "url", autocomplete: "off", "data-first": true, "aria-describedby": "embed-allowed embed-trouble" });
    const trouble = el("p", { id: "embed-trouble", class: "desk-dialog__trouble", role: "alert" });
    const submit = (event) => {
      event.preventDefault();
      const { reference, refusal } = readEmbed(table, address.value);
      if (reference) return close(reference);
      address.setAttribute("aria-invalid", "true");
      trouble.textContent = refusal;
      address.focus();
    };
    return [el("form", { submit, novalidate: true },
      el("label", { for: address.id, text: "Its web address" }), address,
      el("p", { id: "embed-allowed", class: "desk-dialog__hint", text: `${table.allowed} Readers load it with a click; before that nothing is sent to the provider.` }),
      trouble,
      el("div", { class: "desk-dialog__actions" },
        el("button", { type: "submit", class: "default", text: "Embed it" }),
        button("Cancel", () => close())))];
  });
}

class EmbedView extends PlacedView {
  constructor(editor, node, getPos, table) {
    super(editor, node, getPos);
    const { label, name, id, address } = thing(table, node.attrs.reference);
    this.build(
      el("div", { class: "placed__picture" },
        el("p", { class: "placed__what", text: label }),
        el("p", { class: "placed__credit", text: `Id ${id}` }),
        el("p", {}, el("a", { href: address, target: "_blank", rel: "noopener noreferrer", text: `Open it on ${name}` }))),
      el("div", { class: "placed__fields" }, ...this.field("caption", "Caption", "What it shows, and whose it is"),
        el("div", { class: "placed__actions" }, button("Remove the embed", () => this.remove()))));
  }

  update(node) {
    return node.attrs.reference === this.node.attrs.reference && super.update(node);
  }
}
