// Links, to web and mail addresses only, set in a small dialog.
import { Mark, pm } from "django-prose-editor/editor";
import { button, el, openDialog } from "desk/dom";

const MAIL = /^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/;
const HOST = /^[\w-]+(\.[\w-]+)+([/?#:].*)?$/;

// What was typed or pasted as the address a body may hold, or null.
export function readAddress(typed) {
  let address = typed.trim();
  if (MAIL.test(address)) address = `mailto:${address}`;
  else if (/^\/[^/]/.test(address)) address = location.origin + address;
  else if (HOST.test(address)) address = `https://${address}`;
  if (!/^(https?:\/\/[^\s/]|mailto:\S)/i.test(address) || !URL.canParse(address)) return null;
  return address.replaceAll(" ", "%20");
}

export const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  keepOnSplit: false,
  addAttributes: () => ({ href: { default: null, parseHTML: (dom) => readPasted(dom) } }),
  parseHTML: () => [{ tag: "a[href]", getAttrs: (dom) => (readPasted(dom) ? null : false) }],
  renderHTML: ({ HTMLAttributes }) => ["a", { href: HTMLAttributes.href, rel: "noopener" }, 0],
  addKeyboardShortcuts() {
    return { "Mod-k": () => { editLink(this.editor); return true; } };
  },
  addProseMirrorPlugins() {
    // An address pasted over chosen words links them.
    const handlePaste = (view, event) => {
      const href = readPastedText(event.clipboardData?.getData("text/plain") ?? "");
      if (view.state.selection.empty || !href) return false;
      return this.editor.chain().setMark(this.name, { href }).run();
    };
    return [new pm.state.Plugin({ props: { handlePaste } })];
  },
});

const readPasted = (dom) => readPastedText(dom.getAttribute("href"));
const readPastedText = (value) => (/^\s*(https?:\/\/|mailto:)\S+\s*$/i.test(value) ? readAddress(value) : null);

export async function editLink(editor) {
  const inLink = editor.isActive("link");
  if (inLink) editor.commands.extendMarkRange("link");
  const { empty: needsWords, from, to } = editor.state.selection;
  const answer = await askForLink(inLink ? editor.getAttributes("link").href : "", needsWords, inLink);
  // Where it was asked for, whatever the browser makes of the caret when the dialogue closes.
  const chain = editor.chain().focus().setTextSelection({ from, to });
  if (!answer) chain.run();
  else if (answer.remove) chain.unsetMark("link").run();
  else if (!needsWords) chain.setMark("link", { href: answer.href }).run();
  else chain.insertContent({ type: "text", text: answer.words || answer.href.replace(/^mailto:/, ""), marks: [{ type: "link", attrs: { href: answer.href } }] }).run();
}

function askForLink(href, needsWords, canRemove) {
  return openDialog(canRemove ? "Change the link" : "Add a link", (close) => {
    const address = el("input", { id: "link-address", type: "text", inputmode: "url", autocomplete: "off", value: href, "data-first": true, "aria-describedby": "link-trouble" });
    const words = el("input", { id: "link-words", type: "text", autocomplete: "off" });
    const trouble = el("p", { id: "link-trouble", class: "desk-dialog__trouble", role: "alert" });
    const submit = (event) => {
      event.preventDefault();
      const read = readAddress(address.value);
      if (read) return close({ href: read, words: words.value.trim() });
      address.setAttribute("aria-invalid", "true");
      trouble.textContent = "Enter a web address, as https://example.com, or an e-mail address.";
      address.focus();
    };
    return [el("form", { submit, novalidate: true },
      el("label", { for: address.id, text: "Web or e-mail address" }), address, trouble,
      needsWords && el("label", { for: words.id, text: "Words to show" }), needsWords && words,
      el("div", { class: "desk-dialog__actions" },
        el("button", { type: "submit", class: "default", text: "Set the link" }),
        canRemove && button("Remove the link", () => close({ remove: true })),
        button("Cancel", () => close())))];
  });
}
