// Figures and the marker stand between blocks: where they go, and that no key typed by chance eats one.
import { Extension, pm } from "django-prose-editor/editor";

const { NodeSelection, Plugin, Selection, TextSelection } = pm.state;

// Puts the node after the top-level block that is being written and the caret on the line after it.
export function place(tr, node) {
  const { $to, to } = tr.selection;
  const at = $to.depth ? $to.after(1) : to;
  tr.insert(at, node);
  const after = at + node.nodeSize;
  if (!tr.doc.nodeAt(after)?.isTextblock) tr.insert(after, tr.doc.type.schema.nodes.paragraph.create());
  return tr.setSelection(Selection.near(tr.doc.resolve(after), 1)).scrollIntoView();
}

export const Placing = Extension.create({
  name: "placing",
  addProseMirrorPlugins() {
    // A letter typed while a figure is chosen begins a paragraph after it; the packaged way replaces the figure.
    const handleTextInput = (view, _from, _to, words) => {
      const { selection, schema, tr } = view.state;
      if (!(selection instanceof NodeSelection) || !selection.node.type.isInGroup("placed")) return false;
      tr.insert(selection.to, schema.nodes.paragraph.create(null, schema.text(words)));
      view.dispatch(tr.setSelection(TextSelection.create(tr.doc, selection.to + 1 + words.length)));
      return true;
    };
    return [new Plugin({ props: { handleTextInput } })];
  },
});
