// Which key does what: in a dialog, on the tools, and for screen readers, from one list.
import { button, el, openDialog } from "desk/dom";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const NAMES = isMac ? { Mod: "⌘", Alt: "⌥", Shift: "⇧" } : { Mod: "Ctrl" };

// "Mod+Shift+8" as ["Ctrl", "Shift", "8"]; nothing for no keys.
export const shownKeys = (keys) => (keys ? keys.split("+").map((key) => NAMES[key] ?? key) : []);
export const ariaKeys = (keys) => (keys ? keys.replace("Mod", isMac ? "Meta" : "Control") : null);

const TYPED = [
  ["Bulleted list", "-", "Space"],
  ["Numbered list", "1.", "Space"],
  ["Quote", ">", "Space"],
  ["Heading", "##", "Space"],
  ["Subheading", "###", "Space"],
];
const MOVING = [
  ["An item further in", "Tab"],
  ["An item further out", "Shift", "Tab"],
  ["A new line in the same paragraph", "Shift", "Enter"],
  ["To the tools above the text", ...shownKeys("Alt+F10")],
  ["From tool to tool", "←", "→"],
];
const PLACED = [
  ["Choose a picture or an embed", "←", "→"],
  ["To its caption", "Enter"],
  ["From its caption back to the text", "Esc"],
];
const FORM = [
  ["Save", ...shownKeys("Mod+S")],
  ["Save, in a field of one line", "Enter"],
  ["Close a window", "Esc"],
  ["This help", ...shownKeys("Alt+0")],
];
const ROWS = [
  ["To a row’s Move up and Move down", "Tab"],
  ["Move the row", "Enter"],
];

const group = (title, rows) => el("section", {},
  el("h3", { text: title }),
  el("dl", { class: "keys__list" }, ...rows.map(([what, ...keys]) => el("div", {},
    el("dt", { text: what }),
    el("dd", {}, ...keys.map((key) => el("kbd", { text: key })))))));

// `tools` are the toolbar's own, so that what it can do by keys stands here, too.
export function showKeys(tools, isStory) {
  const byKeys = tools.filter(([, keys]) => keys && keys !== "Alt+0").map(([label, keys]) => [label, ...shownKeys(keys)]);
  return openDialog("Keyboard help", (close) => [
    el("div", { class: "keys__groups" },
      group("In the text", byKeys),
      group("At the beginning of a line", TYPED),
      group("Moving in the text", MOVING),
      isStory && group("Pictures and embeds", PLACED),
      group("The whole form", FORM),
      isStory && group("Takeaways, sources, bylines", ROWS)),
    el("div", { class: "desk-dialog__actions" }, button("Close", () => close(), { "data-first": true })),
  ], "keys");
}
