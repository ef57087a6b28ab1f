// The marker where the free part ends. There is at most one, between blocks.
import { Node, pm } from "django-prose-editor/editor";
import { el } from "desk/dom";
import { place } from "desk/editor/placing";

export const Cut = Node.create({
  name: "cut",
  group: "placed",
  atom: true,
  selectable: true,
  draggable: true,
  parseHTML: () => [{ tag: "hr[data-cut]" }],
  renderHTML: () => ["hr", { "data-cut": "" }],
  addNodeView: () => () => ({
    dom: el("div", { class: "free-part-end", contenteditable: "false" }, el("span", { text: "The free part ends here" })),
  }),
  addCommands() {
    return {
      // Sets the marker after the block that is being written; with the marker chosen, takes it away.
      toggleCut: () => ({ editor, tr, dispatch }) => {
        if (!dispatch) return true;
        if (editor.isActive("cut")) tr.deleteSelection();
        else place(tr, this.type.create());
        return true;
      },
    };
  },
  addProseMirrorPlugins() {
    // Of two markers the one that came last stays.
    const appendTransaction = (transactions, before, after) => {
      const found = cuts(after.doc);
      if (found.length < 2) return null;
      const mapping = new pm.transform.Mapping(transactions.flatMap((each) => each.mapping.maps));
      const old = cuts(before.doc).map((place) => mapping.map(place));
      const kept = found.find((place) => !old.includes(place)) ?? found[0];
      const tr = after.tr;
      for (const place of found.toReversed()) if (place !== kept) tr.delete(place, place + 1);
      return tr;
    };
    return [new pm.state.Plugin({ appendTransaction })];
  },
});

export function cuts(doc) {
  const found = [];
  doc.forEach((node, offset) => { if (node.type.name === "cut") found.push(offset); });
  return found;
}
