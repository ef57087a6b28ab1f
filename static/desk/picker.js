// The picture library in a dialog, and fields that hold a picture's number made into a choice by sight.
import { button, el, openDialog } from "desk/dom";

const TROUBLE = "The picture library cannot be reached just now. Try again in a moment.";
const NO_RIGHT = "Your account may not see the picture library.";
const SIGNED_OUT = "You are signed out. Sign in in another tab, then try again.";

async function ask(address, query, signal) {
  const url = new URL(address, location.href);
  for (const [name, value] of query) url.searchParams.append(name, value);
  const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (answer.ok && !answer.redirected) return answer.json();
  throw new Error(answer.status === 403 ? NO_RIGHT : answer.status === 401 || answer.redirected ? SIGNED_OUT : TROUBLE);
}

// One request for all pictures a page asks about at the same moment; null for one that is gone.
const waiting = new Map();
export function pictureById(address, id) {
  let batch = waiting.get(address);
  if (!batch) {
    batch = { ids: new Set() };
    batch.found = Promise.resolve().then(async () => {
      waiting.delete(address);
      const { results } = await ask(address, [...batch.ids].map((each) => ["id", each]));
      return new Map(results.map((picture) => [String(picture.id), picture]));
    });
    waiting.set(address, batch);
  }
  batch.ids.add(String(id));
  return batch.found.then((found) => found.get(String(id)) ?? null);
}

export const creditLine = (picture) => (picture.credit ? `Credit: ${picture.credit}` : "No credit yet: a story with it cannot be published.");

// Resolves with the chosen picture, or null.
export function choosePicture(address) {
  return openDialog("Choose a picture", (close) => {
    const list = el("ul", { class: "picker__list" });
    const status = el("p", { role: "status", class: "picker__status" });
    const more = button("Show more", () => show(more.dataset.next), { hidden: true });
    // Not type=search: there the first Escape empties the field in place of closing the dialog.
    const search = el("input", { type: "text", role: "searchbox", id: "picture-search", autocomplete: "off", "data-first": true });
    let running, soon;

    const card = (picture) =>
      el("li", {}, el("button", { type: "button", class: "picker__card", click: () => close(picture) },
        el("img", { src: picture.thumb, alt: "", width: picture.width, height: picture.height, loading: "lazy" }),
        el("span", { class: "picker__title", text: picture.title }),
        el("span", { class: "picker__credit", text: creditLine(picture) })));

    async function show(next) {
      running?.abort();
      running = new AbortController();
      const { signal } = running;
      try {
        const page = await ask(next || address, next ? [] : [["q", search.value.trim()]], signal);
        const cards = page.results.map(card);
        if (next) list.append(...cards);
        else list.replaceChildren(...cards);
        more.hidden = !page.next;
        more.dataset.next = page.next ?? "";
        if (next) cards[0]?.firstChild.focus();
        const n = list.childElementCount;
        status.textContent = n ? `${n} ${n === 1 ? "picture" : "pictures"} shown` : "No picture found. Try fewer words.";
      } catch (error) {
        if (error.name === "AbortError") return;
        status.textContent = [SIGNED_OUT, NO_RIGHT].includes(error.message) ? error.message : TROUBLE;
      }
    }

    const form = el("form", { role: "search", submit: (event) => { event.preventDefault(); show(); } },
      el("label", { for: search.id, text: "Search the picture library" }), search);
    search.addEventListener("input", () => {
      clearTimeout(soon);
      soon = setTimeout(show, 250);
    });
    show();
    return [form, status, list, el("div", { class: "desk-dialog__actions" }, more, button("Cancel", () => close()))];
  }, "picker");
}

// A field with data-picture-picker="<address of the library>" that holds a picture's number.
export function enhance(field) {
  if (field.dataset.enhanced || field.id.includes("__prefix__")) return;
  field.dataset.enhanced = "yes";
  const address = field.dataset.picturePicker;
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  const name = (label?.textContent ?? "Picture").trim().replace(/:$/, "");
  const shown = el("div", { class: "picked__shown" });
  const choose = button("Choose a picture", async () => {
    const picture = await choosePicture(address);
    if (picture) put(picture, String(picture.id));
  });
  const remove = button("Remove", () => {
    put(null, "");
    choose.focus();
  });

  function draw(picture) {
    const id = field.value;
    shown.replaceChildren(...(picture ? [
      el("img", { src: picture.thumb, alt: "", width: picture.width, height: picture.height }),
      el("p", {}, el("span", { class: "picked__title", text: picture.title }), el("span", { class: "picked__credit", text: creditLine(picture) })),
    ] : [el("p", { text: id ? "This picture cannot be shown." : "No picture chosen." })]));
    choose.textContent = id ? "Choose another picture" : "Choose a picture";
    choose.setAttribute("aria-label", `${name}: ${choose.textContent}`);
    remove.setAttribute("aria-label", `${name}: remove the picture`);
    remove.hidden = !id;
  }

  function put(picture, id) {
    if (field.localName === "select" && id && !field.querySelector(`option[value="${id}"]`)) {
      field.append(el("option", { value: id, text: picture.title }));
    }
    field.value = id;
    draw(picture);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const box = el("div", { class: "picked" }, shown, el("div", { class: "picked__actions" }, choose, remove));
  const described = field.getAttribute("aria-describedby");
  if (described) choose.setAttribute("aria-describedby", described);
  field.hidden = true;
  field.after(box);
  label?.addEventListener("click", () => choose.focus());
  field.addEventListener("focus", () => choose.focus());
  draw(null);
  if (field.value) pictureById(address, field.value).then(draw, () => draw(null));
}

const enhanceIn = (root) => root.querySelectorAll("[data-picture-picker]").forEach(enhance);
enhanceIn(document);
document.addEventListener("formset:added", (event) => enhanceIn(event.target));
