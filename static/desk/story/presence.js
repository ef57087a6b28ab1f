// Who else has this story open: a sign of life every ten seconds, and one on leaving.
import { el } from "desk/dom";
import { ask } from "desk/story/asking";
import { carried, facts } from "desk/story/form";

const panel = document.getElementById("here");
const WRITING = 30_000;

let tab = "";
let shown = null;
let writtenAt = 0;
let isPaused = false;
let onAnswer = () => {};

export const wrote = () => { writtenAt = Date.now(); };

export function showNewer(newer) {
  const place = document.querySelector("[data-newer]");
  const words = newer?.says ?? "";
  if (place && place.textContent !== words) place.textContent = words;
}

export function start(name, answered) {
  tab = name;
  onAnswer = answered;
  const clock = new Worker(facts.ticks);
  clock.addEventListener("message", ping);
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => event.persisted && ping());
  ping();
}

const sign = (more) => new URLSearchParams({ tab, base: carried("base"), ...more });

// Signed out, there is nobody to be here.
export const pause = () => { isPaused = true; };
export const resume = () => { isPaused = false; };

export async function ping() {
  if (!facts.presence || isPaused) return;
  const said = await ask(facts.presence, sign({ writing: Date.now() - writtenAt < WRITING ? "1" : "0" }));
  if (said.status === 200) {
    show(said.here);
    showNewer(said.newer);
  }
  onAnswer(said);
}

function leave() {
  if (facts.presence && !isPaused) ask(facts.presence, sign({ leave: "1" }));
}

function show(here) {
  const now = JSON.stringify(here);
  if (!panel || now === shown) return;
  const names = new Set([...panel.querySelectorAll("b")].map((name) => name.textContent));
  panel.querySelector("ul").replaceChildren(...here.map(({ initials, name, what }) =>
    el("li", {}, el("span", { class: "face", "aria-hidden": "true", text: initials }), el("span", {}, el("b", { text: name }), ` ${what}`))));
  panel.hidden = !here.length;
  const came = here.find(({ name }) => !names.has(name));
  if (came && shown !== null) document.querySelector("[data-came]").textContent = `${came.name} ${came.what}`;
  shown = now;
}
