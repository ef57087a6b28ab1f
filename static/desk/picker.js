// The picture library in a dialog, and fields that hold a picture's number made into a choice by sight.
import { button, el, openDialog } from "desk/dom";
import { upload } from "desk/uploading";

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

// The credit has its own line.
function lacking(picture) {
  const others = (picture.lacks ?? []).filter((each) => each !== "credit");
  return others.length ? `No ${others.join(", no ")}` : "";
}

// Resolves with the chosen picture, or null.
export function choosePicture(address) {
  return openDialog("Choose a picture", (close) => {
    const list = el("ul", { class: "picker__list" });
    const status = el("p", { role: "status", class: "picker__status" });
    const more = button("Show more", () => show(more.dataset.next), { hidden: true });
    // Not type=search: there the first Escape empties the field in place of closing the dialog.
    const search = el("input", { type: "text", role: "searchbox", id: "picture-search", autocomplete: "off", "data-first": true });
    let running, soon;
    let mine = false;

    // One that no story may have stays in reach of the keyboard, which hears the reason.
    const card = (picture) => {
      const lines = [
        el("span", { class: "picker__title", text: picture.title }),
        el("span", { class: "picker__credit", text: picture.credit || "No credit" }),
        picture.refusal && el("span", { class: "picker__refusal", text: picture.refusal }),
        !picture.refusal && picture.rights && el("span", { class: "picker__credit", text: picture.rights }),
      ];
      const choose = () => {
        if (picture.refusal) status.textContent = `${picture.title}: ${picture.refusal}. No story may have it now.`;
        else close(picture);
      };
      return el("li", {}, el("button", { type: "button", class: "picker__card", "aria-disabled": picture.refusal ? "true" : null, click: choose },
        el("img", { src: picture.thumb, alt: "", width: picture.width, height: picture.height, loading: "lazy" }), ...lines));
    };

    async function show(next) {
      running?.abort();
      running = new AbortController();
      const { signal } = running;
      const query = [["q", search.value.trim()], ...(mine ? [["mine", "1"]] : [])];
      try {
        const page = await ask(next || address, next ? [] : query, signal);
        const cards = page.results.map(card);
        if (next) list.append(...cards);
        else list.replaceChildren(...cards);
        more.hidden = !page.next;
        more.dataset.next = page.next ?? "";
        offerUpload(page);
        if (next) cards[0]?.firstChild.focus();
        const n = list.childElementCount;
        status.textContent = n ? `${n} ${n === 1 ? "picture" : "pictures"} shown` : mine && !search.value.trim() ? "You have added none yet." : "No picture found. Try fewer words.";
      } catch (error) {
        if (error.name === "AbortError") return;
        status.textContent = [SIGNED_OUT, NO_RIGHT].includes(error.message) ? error.message : TROUBLE;
      }
    }

    const file = el("input", { type: "file", id: "picture-upload", accept: "image/jpeg,image/png,image/gif,image/webp,image/avif" });
    const bar = el("progress", { max: 1, value: 0, "aria-label": "Upload", hidden: true });
    const trouble = el("p", { class: "desk-dialog__trouble", role: "alert" });
    const retry = button("Try again", () => bring(retry.file), { hidden: true });
    const adding = el("div", { class: "picker__upload", hidden: true }, el("label", { for: file.id, text: "Add a new picture" }), file, bar, trouble, retry);

    function offerUpload(page) {
      adding.hidden = !page.upload;
      adding.dataset.address = page.upload ?? "";
      adding.dataset.who = page.who ?? "";
    }

    // The new picture is chosen at once.
    async function bring(chosen) {
      file.disabled = true;
      bar.hidden = false;
      retry.hidden = true;
      trouble.textContent = "";
      status.textContent = `${chosen.name} is on its way`;
      try {
        const { address: there, who } = adding.dataset;
        const picture = await upload({ address: there, who, file: chosen, progress: (share) => { bar.value = share; } });
        if (adding.isConnected) close({ ...picture, isNew: true });
      } catch (error) {
        file.disabled = false;
        bar.hidden = true;
        status.textContent = "";
        trouble.textContent = `${chosen.name} was not added. ${error.message}`;
        retry.hidden = !error.mayHelp;
        retry.file = chosen;
        (error.mayHelp ? retry : file).focus();
      }
    }
    file.addEventListener("change", () => {
      const [chosen] = file.files;
      file.value = "";
      if (chosen) bring(chosen);
    });

    const which = (label, value, isChecked) => {
      const radio = el("input", { type: "radio", name: "picker-which", checked: isChecked, change: () => { mine = value; show(); } });
      return el("label", {}, radio, label);
    };
    const form = el("form", { role: "search", submit: (event) => { event.preventDefault(); show(); } },
      el("label", { for: search.id, text: "Search the picture library" }), search,
      el("fieldset", { class: "picker__which" }, el("legend", { class: "visually-hidden", text: "Which pictures" }), which("Newest", false, true), which("My own", true, false)));
    search.addEventListener("input", () => {
      clearTimeout(soon);
      soon = setTimeout(show, 250);
    });
    show();
    return [form, adding, status, list, el("div", { class: "desk-dialog__actions" }, more, button("Cancel", () => close()))];
  }, "picker");
}

// What a chosen picture still needs, and what its file was to the library.
export function notes(picture) {
  const see = () => el("a", { href: picture.address, target: "_blank", text: "Its page" });
  return [
    lacking(picture) && el("span", { class: "picked__need" }, `${lacking(picture)}. `, see()),
    picture.refusal && el("span", { class: "picked__need", text: `${picture.refusal}.` }),
    !picture.refusal && picture.rights && el("span", { class: "picked__credit", text: picture.rights }),
    picture.isNew && picture.same_as && el("span", { class: "picked__need" }, "The library had this very picture already: ", el("a", { href: picture.same_as.address, target: "_blank", text: picture.same_as.title }), ". Both are kept."),
  ].filter(Boolean);
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
      el("p", {}, el("span", { class: "picked__title", text: picture.title }), el("span", { class: "picked__credit", text: creditLine(picture) }), ...notes(picture)),
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
  // Who chose another meanwhile, or none, sees that.
  const first = field.value;
  const drawFirst = (picture) => { if (field.value === first) draw(picture); };
  if (first) pictureById(address, first).then(drawFirst, () => drawFirst(null));
}

const enhanceIn = (root) => root.querySelectorAll("[data-picture-picker]").forEach(enhance);
enhanceIn(document);
document.addEventListener("formset:added", (event) => enhanceIn(event.target));
