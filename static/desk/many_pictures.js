// The page that takes in many pictures: each file by itself, two at a time.
import { button, el } from "desk/dom";
import { token, upload } from "desk/uploading";

const AT_ONCE = 2;
const form = document.getElementById("many");
const field = form.querySelector("input[type=file]");
const list = document.getElementById("arrivals");
const said = document.getElementById("arrivals-said");
const next = document.getElementById("together");
const { one, who, together } = form.dataset;
const most = Number(form.dataset.most);

const rows = [];
const waiting = [];
let running = 0;

const count = (state) => rows.filter((row) => row.state === state).length;
const isBusy = () => running > 0 || waiting.length > 0;

function tell() {
  const failed = count("failed");
  const parts = [`${count("done")} of ${rows.length} added`, failed && `${failed} failed`];
  said.textContent = rows.length ? `${parts.filter(Boolean).join(", ")}${isBusy() ? "." : ". That is all."}` : "";
  const url = new URL(together, location.href);
  list.querySelectorAll("[data-picture]").forEach((item) => url.searchParams.append("id", item.dataset.picture));
  next.hidden = !url.searchParams.size || isBusy();
  next.querySelector("a").href = url;
}

function link(picture, attributes = {}) {
  return el("a", { href: picture.address, target: "_blank", text: picture.title, ...attributes });
}

// The library had it: keep both, or take the new one out again.
function twice(row, picture) {
  const line = el("p", { class: "need" }, "The library had this very picture already: ", link(picture.same_as), ".");
  const trouble = el("p", { class: "need", role: "alert", hidden: true });
  const choice = el("p", { class: "acts" },
    button("Keep both", () => {
      choice.replaceWith(el("p", { class: "note", text: "Both are kept." }));
      row.item.focus();
    }, { class: "button", "aria-label": `Keep both: ${picture.title}` }));
  if (picture.take_back) {
    choice.append(button("Take the new one out again", async () => {
      const answer = await fetch(picture.take_back, { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token() } }).catch(() => null);
      const words = await answer?.json().catch(() => ({}));
      if (answer?.ok && !answer.redirected) {
        delete row.item.dataset.picture;
        row.body.replaceChildren(el("p", { class: "arrival__name", text: picture.title }), el("p", { class: "note", text: words.said }));
        row.item.focus();
        tell();
        return;
      }
      trouble.textContent = words?.error ?? "The server cannot be reached. Nothing was changed; try again.";
      trouble.hidden = false;
    }, { class: "button", "aria-label": `Take the new one out again: ${picture.title}` }));
  }
  return [line, choice, trouble];
}

function drawDone(row, picture) {
  row.item.dataset.picture = picture.id;
  row.item.prepend(el("img", { src: picture.thumb, width: picture.width, height: picture.height, alt: "" }));
  row.body.replaceChildren(
    el("p", { class: "arrival__name" }, link(picture)),
    el("p", { class: "note", text: picture.filled.length ? `Added. Filled from the file: ${picture.filled.join(", ")}.` : "Added. The file says nothing of itself." }),
    ...(picture.unreadable ? [el("p", { class: "note", text: `What the file says of itself cannot all be read (${picture.unreadable}). The picture is whole.` })] : []),
    ...(picture.lacks.length ? [el("p", { class: "need", text: `No ${picture.lacks.join(", no ")}` })] : []),
    ...(picture.same_as ? twice(row, picture) : []),
  );
}

function drawFailed(row, trouble) {
  const name = row.file.name;
  row.body.replaceChildren(
    el("p", { class: "arrival__name", text: name }),
    el("p", { class: "need", text: trouble.message }),
    el("p", { class: "acts" },
      trouble.mayHelp && button("Retry", () => {
        queue(row);
        row.item.focus();
      }, { class: "button", "aria-label": `Retry: ${name}` }),
      button("Leave it out", () => {
        rows.splice(rows.indexOf(row), 1);
        row.item.remove();
        field.focus();
        tell();
      }, { class: "button", "aria-label": `Leave it out: ${name}` })),
  );
}

function drawWaiting(row) {
  row.bar = el("progress", { max: 1, value: 0, "aria-label": row.file.name });
  row.words = el("p", { class: "note", text: "Waiting" });
  row.body.replaceChildren(el("p", { class: "arrival__name", text: row.file.name }), row.bar, row.words);
}

function progressOf(row, share) {
  row.bar.value = share;
  row.words.textContent = share < 1 ? `${Math.floor(share * 100)} % sent` : "Sent, being looked at";
}

async function run(row) {
  running += 1;
  row.state = "running";
  progressOf(row, 0);
  try {
    drawDone(row, await upload({ address: one, who, file: row.file, most, progress: (share) => progressOf(row, share) }));
    row.state = "done";
  } catch (trouble) {
    row.state = "failed";
    drawFailed(row, trouble);
  }
  running -= 1;
  goOn();
}

function goOn() {
  while (running < AT_ONCE && waiting.length) run(waiting.shift());
  tell();
}

function queue(row) {
  row.state = "waiting";
  drawWaiting(row);
  waiting.push(row);
  goOn();
}

function take(files) {
  for (const file of files) {
    const body = el("div", { class: "arrival__body" });
    const row = { file, body, item: el("li", { class: "arrival", tabindex: "-1" }, body) };
    rows.push(row);
    list.append(row.item);
    queue(row);
  }
}

form.querySelector("[type=submit]").hidden = true;
form.querySelector(".without-script").hidden = true;
form.addEventListener("submit", (event) => event.preventDefault());
field.addEventListener("change", () => {
  take([...field.files]);
  // The same file may be chosen again.
  field.value = "";
});

const zone = form.querySelector(".dropzone");
zone.dataset.drop = "on";
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
for (const kind of ["dragover", "dragenter"]) {
  document.addEventListener(kind, (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone.dataset.over = "";
  });
}
document.addEventListener("dragleave", (event) => event.relatedTarget || delete zone.dataset.over);
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  delete zone.dataset.over;
  take([...event.dataTransfer.files]);
});

window.addEventListener("beforeunload", (event) => {
  if (isBusy()) event.preventDefault();
});
