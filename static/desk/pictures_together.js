// The words of each picture, saved in place; what is typed and not saved is not left without a question.
import { el } from "desk/dom";
import { renewToken, token } from "desk/uploading";

const SIGNED_OUT = "You are signed out. Sign in in another tab, then save again. Your words stay here.";
const LOST = "The server cannot be reached. Your words stay here; save again in a moment.";
const typed = new Set();

const post = (form) =>
  fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json", "X-CSRFToken": token() } });

async function ask(form) {
  try {
    let answer = await post(form);
    let said = answer.redirected ? {} : await answer.json().catch(() => ({}));
    if (said.code === "token" && (await renewToken(document.getElementById("for-all").dataset.who))) {
      answer = await post(form);
      said = await answer.json().catch(() => ({}));
    }
    return { status: answer.redirected ? 401 : answer.status, said };
  } catch {
    return { status: 0, said: {} };
  }
}

function forget(form) {
  form.querySelectorAll(".errorlist").forEach((each) => each.remove());
  form.querySelectorAll(".errors").forEach((each) => each.classList.remove("errors"));
  form.querySelectorAll("[aria-invalid]").forEach((field) => {
    field.removeAttribute("aria-invalid");
    const kept = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== `${field.id}_error`);
    if (kept.length) field.setAttribute("aria-describedby", kept.join(" "));
    else field.removeAttribute("aria-describedby");
  });
}

function show(form, errors) {
  let first;
  for (const [name, words] of Object.entries(errors)) {
    const lines = words.map((text) => el("li", { text }));
    const field = name && form.elements[name];
    if (!field) {
      form.querySelector("[data-errors]").append(el("ul", { class: "errorlist nonfield" }, ...lines));
      continue;
    }
    const id = `${field.id}_error`;
    const row = field.closest(".form-row");
    row.classList.add("errors");
    row.prepend(el("ul", { class: "errorlist", id }, ...lines));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
    first ??= field;
  }
  first?.focus();
}

async function save(form) {
  const line = form.querySelector("[data-saved]");
  if (form.dataset.saving) return;
  form.dataset.saving = "yes";
  line.removeAttribute("data-trouble");
  line.textContent = "Saving";
  typed.delete(form);
  const { status, said } = await ask(form);
  delete form.dataset.saving;
  forget(form);
  if (status === 200) {
    line.textContent = said.said;
    const lacks = form.querySelector("[data-lacks]");
    lacks.hidden = !said.lacks.length;
    lacks.textContent = `No ${said.lacks.join(", no ")}`;
    form.querySelector("h3 a").textContent = said.title;
    form.querySelector("[type=submit]").setAttribute("aria-label", `Save: ${said.title}`);
    return;
  }
  typed.add(form);
  line.dataset.trouble = "";
  if (status === 422 && said.errors) {
    line.textContent = "Not saved yet.";
    show(form, said.errors);
  } else {
    line.textContent = status === 0 || status >= 500 ? LOST : status === 401 ? SIGNED_OUT : said.error ?? LOST;
  }
}

document.querySelectorAll("[data-words]").forEach((form) => {
  form.addEventListener("input", () => {
    typed.add(form);
    form.querySelector("[data-saved]").textContent = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(form);
  });
});

window.addEventListener("beforeunload", (event) => {
  if (typed.size) event.preventDefault();
});
