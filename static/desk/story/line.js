// What became of the words, in the bar at the foot; and the bars above the text.
import { el } from "desk/dom";
import { form } from "desk/story/form";

const line = document.querySelector(".submit-row .saved");

// A state that is told already is not told again: it would be read aloud each time.
export function say(state, text, act = null) {
  const words = act ? `${text} ${act.textContent}` : text;
  if (!line || (line.dataset.save === state && line.textContent === words)) return;
  line.dataset.save = state;
  line.replaceChildren(text, ...(act ? [" ", act] : []));
}

export function bar(text, ...acts) {
  const section = el("section", { class: "bar", "aria-label": "Not saved" }, el("p", { text, role: "status" }), ...acts);
  form.querySelector("[data-keeping]").after(section);
  return section;
}

// Whoever answered a bar goes on with the text.
export function close(section) {
  section.remove();
  (form.querySelector(".bar :is(a, button)") ?? form.elements.namedItem("headline"))?.focus();
}
