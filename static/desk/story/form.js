// The story's form: what it would send, whose it is, and where it is kept.
export const form = document.getElementById("article_form");
const box = form?.querySelector("[data-keeping]");

// person, name, story, change, autosave, presence, writer, begun, who, sign_in, ticks, mayWrite.
// A new story gets some of them with its first words.
export const facts = box ? { ...box.dataset } : null;

// Not the story's words: what the form carries for the server, and notes that go with a button.
const CARRIED = new Set(["csrfmiddlewaretoken", "tab", "base", "beginning", "begun", "kept", "writer", "tell_readers"]);
const NOTE = /^note_to_/;

// All that is typed and chosen, as one string: to compare, to keep and to send.
export function typed() {
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !CARRIED.has(name) && !NOTE.test(name) && !name.includes("__prefix__")) sent.append(name, value);
  }
  return sent.toString();
}

// A note is not kept with the story: leaving it behind is asked about.
export const hasNote = () => [...new FormData(form)].some(([name, value]) => NOTE.test(name) && value.trim());

export const carried = (name) => form.elements.namedItem(name)?.value ?? "";

export function carry(name, value) {
  const field = form.elements.namedItem(name);
  if (field) field.value = value;
}

// The browser put words of an earlier visit into the fields. (Places of rows are set by a script.)
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
export const wasRestored = () => [...form.elements].some((field) => (isTicked(field) ? field.checked !== field.defaultChecked
  : field.type !== "hidden" && !field.name?.endsWith("-position") && "defaultValue" in field && field.value !== field.defaultValue));
