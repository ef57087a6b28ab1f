// The words: paragraphs, headings, lists, quotes, bold and italics. What is not here cannot be typed or pasted.
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Gapcursor, HardBreak, Heading, History, Italic, ListItem, Node, Paragraph,
  Text, TrailingNode, wrappingInputRule,
} from "django-prose-editor/editor";

// Two sizes of heading; the others that come with a pasted text become the nearest, as on the server.
const PASTED_LEVELS = { h1: 2, h2: 2, h3: 3, h4: 3, h5: 3, h6: 3 };
const BodyHeading = Heading.configure({ levels: [2, 3] }).extend({
  parseHTML: () => Object.entries(PASTED_LEVELS).map(([tag, level]) => ({ tag, attrs: { level } })),
});

// The packaged ordered list has kinds and starting numbers that a body does not know.
const OrderedList = Node.create({
  name: "orderedList",
  group: "block list",
  content: "listItem+",
  parseHTML: () => [{ tag: "ol" }],
  renderHTML: () => ["ol", 0],
  addCommands() {
    return { toggleOrderedList: () => ({ commands }) => commands.toggleList(this.name, "listItem") };
  },
  addKeyboardShortcuts() {
    return { "Mod-Shift-7": () => this.editor.commands.toggleOrderedList() };
  },
  addInputRules() {
    return [wrappingInputRule({ find: /^1\.\s$/, type: this.type })];
  },
});

// Cells of a pasted table become paragraphs; without a tag of their own their words would run together.
const BodyParagraph = Paragraph.extend({
  parseHTML: () => ["p", "td", "th", "caption", "dt", "option", "summary"].map((tag) => ({ tag })),
});

// Bold and italics by tag, or by what pasted.js read in a style. The packaged keys take those with Shift, too: the quote's.
const marked = (extension, name, tags, key) => extension.extend({
  addKeyboardShortcuts() {
    return { [key]: () => this.editor.commands.toggleMark(this.name) };
  },
  parseHTML: () => [
    ...tags.map((tag) => ({ tag, getAttrs: (dom) => (dom.dataset[name] === "no" ? false : null) })),
    { tag: `span[data-${name}=yes]` },
  ],
});
const BodyBold = marked(Bold, "bold", ["strong", "b"], "Mod-b");
const BodyItalic = marked(Italic, "italic", ["em", "i"], "Mod-i");

// Figures and the marker ("placed") stand between blocks, never in a list or a quote.
const StoryDocument = Document.extend({ content: "(block | placed)+" });

export const text = (isStory) => [
  isStory ? StoryDocument : Document, BodyParagraph, Text, HardBreak, BodyHeading, BulletList, OrderedList, ListItem, Blockquote, BodyBold, BodyItalic,
  History, Dropcursor, Gapcursor, TrailingNode,
];
