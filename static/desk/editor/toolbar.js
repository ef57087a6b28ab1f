// The row of tools above the text: real buttons, one stop for Tab, arrow keys between them.
import { el } from "desk/dom";
import { addEmbed } from "desk/editor/embed";
import { addFigure } from "desk/editor/figure";
import { ariaKeys, showKeys, shownKeys } from "desk/editor/keys";
import { editLink } from "desk/editor/links";

// Each: label, keys, drawing, act, whether it is on, whether it can be done.
// A page without a library is no story: it has no figures, embeds and marker.
const tools = (library) => [
  [
    ["Heading", "Mod+Alt+2", "M6 5v14M18 5v14M6 12h12", (e) => e.chain().focus().toggleHeading({ level: 2 }).run(), (e) => e.isActive("heading", { level: 2 })],
    ["Subheading", "Mod+Alt+3", "M8 8v11M16 8v11M8 13.5h8", (e) => e.chain().focus().toggleHeading({ level: 3 }).run(), (e) => e.isActive("heading", { level: 3 })],
  ],
  [
    ["Bold", "Mod+B", "M8 5h5a3.5 3.5 0 0 1 0 7H8zM8 12h6a3.5 3.5 0 0 1 0 7H8z", (e) => e.chain().focus().toggleBold().run(), (e) => e.isActive("bold")],
    ["Italic", "Mod+I", "M10.5 5H17M7 19h6.5M14 5l-4 14", (e) => e.chain().focus().toggleItalic().run(), (e) => e.isActive("italic")],
    ["Link", "Mod+K", "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1", (e) => editLink(e), (e) => e.isActive("link")],
  ],
  [
    ["Bulleted list", "Mod+Shift+8", "M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01", (e) => e.chain().focus().toggleBulletList().run(), (e) => e.isActive("bulletList")],
    ["Numbered list", "Mod+Shift+7", "M10 6h10M10 12h10M10 18h10M4 5l1.500-1v5M3.800 14.500c.400-1 2.700-1 2.700.300 0 1-2.700 1.700-2.700 3.200h2.800", (e) => e.chain().focus().toggleOrderedList().run(), (e) => e.isActive("orderedList")],
    ["Quote", "Mod+Shift+B", "M5 7h5v5c0 3-1.500 4.500-4 5M14 7h5v5c0 3-1.500 4.500-4 5", (e) => e.chain().focus().toggleBlockquote().run(), (e) => e.isActive("blockquote")],
  ],
  library && [
    ["Add a picture", "", "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01", (e) => addFigure(e, library)],
    ["Embed a video, post or chart", "", "M3 5h18v14H3zM10 9v6l5-3z", (e) => addEmbed(e)],
    ["End the free part here", "", "M5 6h14M3 12h2.500M8 12h2.500M13.500 12h2.500M18.500 12H21M5 18h14", (e) => e.chain().focus().toggleCut().run(), (e) => e.isActive("cut")],
  ],
  [
    ["Undo", "Mod+Z", "M9 6l-5 5 5 5M4 11h10a5 5 0 0 1 5 5v2", (e) => e.chain().focus().undo().run(), null, (e) => e.can().undo()],
    ["Redo", "Mod+Shift+Z", "M15 6l5 5-5 5M20 11H10a5 5 0 0 0-5 5v2", (e) => e.chain().focus().redo().run(), null, (e) => e.can().redo()],
  ],
  [
    ["Keyboard help", "Alt+0", "M9 9a3 3 0 1 1 4.500 2.600c-1 .600-1.500 1.200-1.500 2.400M12 17.500h.01", () => showKeys(tools(library).filter(Boolean).flat(), library)],
  ],
];

function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: 20, height: 20, fill: "none", stroke: "currentColor", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// `attach(editor)` makes the row live; it exists before the editor does.
export function toolbar(textId, library) {
  const buttons = [];
  let editor;
  const make = ([label, keys, path, run, isOn, can]) => {
    const press = () => { if (one.getAttribute("aria-disabled") !== "true") run(editor); };
    const one = el("button", { type: "button", class: "tools__button", "aria-label": label, "aria-keyshortcuts": ariaKeys(keys), title: [label, ...shownKeys(keys)].join(" "), click: press, tabindex: buttons.length ? -1 : 0 }, icon(path));
    // Pressing a tool must not take the choice away from the words it is for.
    one.addEventListener("mousedown", (event) => event.preventDefault());
    buttons.push(one);
    one.refresh = () => {
      if (isOn) one.setAttribute("aria-pressed", String(isOn(editor)));
      if (can) one.setAttribute("aria-disabled", String(!can(editor)));
    };
    return one;
  };
  const row = el("div", { class: "tools", role: "toolbar", "aria-label": "Text tools", "aria-controls": textId, keydown: move },
    ...tools(library).filter(Boolean).map((group) => el("div", { class: "tools__group" }, ...group.map(make))));

  function move(event) {
    const here = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = buttons[(to + buttons.length) % buttons.length];
    for (const each of buttons) each.tabIndex = each === next ? 0 : -1;
    next.focus();
  }

  return {
    row,
    focus: () => buttons.find((each) => each.tabIndex === 0).focus(),
    attach(live) {
      editor = live;
      const refresh = () => buttons.forEach((each) => each.refresh());
      editor.on("transaction", refresh);
      refresh();
    },
  };
}
