// What is typed is on the server a second later, and in this browser while the server is not there.
import { button, el } from "desk/dom";
import { ask, become, whoIsHere } from "desk/story/asking";
import { carried, carry, facts, form, hasNote, typed, wasRestored } from "desk/story/form";
import { forget, keep, leftBehind, prune, throwAway } from "desk/story/keeping";
import { bar, close, say } from "desk/story/line";
import * as presence from "desk/story/presence";
import { isTheirWish, onSignIn, wayIn } from "desk/story/signing_in";
import { nameOfTab, rememberTab } from "desk/story/tab";

const PAUSE = 1000;
const TRY_AGAIN = 5000;
// The way to the server is broken; what else it says, it said itself.
const NOBODY = new Set([0, 429, 502, 503, 504]);
// No answer yet: somebody else is signed in, and is asked.
const WAITS = -1;

let tab;
let kept; // what the server has, as `typed()` gave it
let trouble = ""; // "", "lost", "out", "other" or "refused"
let running = null;
let underWay = null; // the words that are on their way
let timer;
let wanted = null; // the button of a save that waits: {submitter}
let isGoing = false;

const isChanged = () => typed() !== kept;
const soon = (after = PAUSE) => {
  clearTimeout(timer);
  timer = setTimeout(save, after);
};

// --- To the server ---

const here = () => ({ words: typed(), base: carried("base"), begun: facts.begun, tab });
const posted = (entry) => {
  const body = new URLSearchParams(entry.words);
  for (const name of ["tab", "base", "begun"]) body.set(name, entry[name]);
  return body;
};

// One at a time. Resolves with whether the server has what stood in the form, or needs no more.
function save() {
  clearTimeout(timer);
  running ??= saveOnce().finally(() => {
    running = null;
    if (!trouble && !isGoing && isChanged()) soon();
  });
  return running;
}

async function saveOnce() {
  const entry = here();
  if (entry.words === kept && !trouble) return true;
  underWay = entry.words;
  const slow = setTimeout(() => say("saving", "Saving"), 400);
  let said = await ask(facts.autosave, posted(entry));
  if (said.code === "token") said = (await isSettled()) ? await ask(facts.autosave, posted(entry)) : { status: WAITS };
  clearTimeout(slow);
  underWay = null;
  return said.status === 200 ? taken(said, entry) : refused(said, entry);
}

function taken(said, { words }) {
  trouble = "";
  kept = words;
  forget(tab, words);
  if (said.story) goOnAs(said.story);
  presence.showNewer(said.newer);
  // A new story without a word is not begun yet.
  if (!said.saved) return true;
  say("saved", `Saved ${said.saved}`);
  if (!isChanged() && !hasNote()) document.dispatchEvent(new Event("story:kept"));
  return true;
}

function refused(said, entry) {
  const isHere = keep(entry);
  if (said.status === WAITS) return false;
  if (said.status === 401) signedOut();
  else if (NOBODY.has(said.status)) lost(isHere);
  else {
    trouble = "refused";
    say("refused", `${said.error ?? "The server could not keep this."} Kept in this browser`);
    // A save is another matter: it may say more.
    return said.status !== 403;
  }
  return false;
}

function lost(isHere = true) {
  trouble = "lost";
  say("lost", isHere ? "No connection. Kept in this browser" : "No connection, and no room in this browser. Copy your words");
  soon(TRY_AGAIN);
}

function signedOut() {
  trouble = "out";
  presence.pause();
  say("signed-out", "Signed out.", wayIn());
}

// The first words made the draft: this page is its form now.
function goOnAs(story) {
  const { begun } = facts;
  Object.assign(facts, story, { begun: "" });
  forget(tab, kept, begun);
  rememberTab(story.story, tab);
  carry("writer", story.writer);
  form.setAttribute("action", story.change);
  history.replaceState(history.state, "", story.change);
  presence.ping();
}

// --- Who is signed in ---

let settling = null;
const isSettled = () => (settling ??= settle().finally(() => { settling = null; }));

// Resolves with whether whoever is signed in now may go on with these words.
async function settle() {
  const who = await whoIsHere();
  if (who.is !== "out") presence.resume();
  if (who.is === "same" || who.is === "unknown") return true;
  if (who.is === "lost") lost();
  else if (who.is === "out") signedOut();
  else if ((isChanged() || wanted) && (await isTheirWish(who.name))) {
    become(who);
    return true;
  } else {
    trouble = "other";
    say("other", `${who.name} is signed in here.`, el("a", { href: "", text: `Save as ${who.name}`, click: (event) => { event.preventDefault(); goOn(); } }));
  }
  return false;
}

// Somebody may have signed in again: save what waited, and press the button that was pressed.
async function goOn() {
  if (!(await isSettled()) || !(await flush())) return;
  if (wanted) go();
}

onSignIn(() => { if (trouble === "out") goOn(); });
window.addEventListener("online", () => { if (trouble === "lost") save(); });

// --- Saving by the button: never into a sign-in page or a dead line ---

async function flush() {
  do {
    if (!(await save())) return false;
  } while (!trouble && isChanged());
  return true;
}

let isHolding = false;
async function hold() {
  if (isHolding) return;
  isHolding = true;
  // What the last save said is not said of this one.
  document.querySelector(".messagelist")?.remove();
  const isFree = isChanged() || trouble ? await flush() : await isSettled();
  isHolding = false;
  if (isFree) return go();
  // Once the line is back, a save would come as a surprise.
  if (trouble === "lost") wanted = null;
  document.querySelector(".submit-row .saved a")?.focus();
}

function go() {
  if (isGoing) return;
  isGoing = true;
  clearTimeout(timer);
  form.requestSubmit(wanted.submitter);
}

function listen() {
  form.addEventListener("submit", (event) => {
    if (isGoing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wanted = { submitter: event.submitter };
    hold();
  }, true);
  window.addEventListener("pageshow", (event) => { if (event.persisted) isGoing = false; });
  const look = () => {
    if (!isChanged()) return;
    presence.wrote();
    if (!trouble || trouble === "refused") soon();
    // Nobody to save for until somebody signs in; a lost line is tried again all the time.
    else if (trouble !== "lost") {
      clearTimeout(timer);
      timer = setTimeout(() => keep(here()), PAUSE);
    }
  };
  for (const kind of ["input", "change", "keyup", "click", "formset:added", "formset:removed"]) document.addEventListener(kind, look);
  const leave = () => {
    if (isGoing || !isChanged()) return;
    keep(here());
    if (!running) save();
    else if (underWay !== typed()) ask(facts.autosave, posted(here()));
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  window.addEventListener("pagehide", leave);
}

// --- What was left behind ---

const clock = (at) => new Date(at).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone: facts.zone }).replace("AM", "a.m.").replace("PM", "p.m.");

async function giveBack(entry) {
  if (facts.begun) return offerNew(entry);
  if (entry.words === typed()) return throwAway(entry);
  const said = await ask(facts.autosave, posted(entry));
  if (said.status !== 200) return;
  throwAway(entry);
  if (said.revision > said.head && !document.querySelector(`[data-offer="${said.revision}"]`)) {
    offer(`You typed more at ${clock(entry.at)} that was not saved.`, `${facts.change}?from=${said.revision}`);
  }
}

function offer(text, address) {
  const section = bar(text, el("a", { class: "button", href: address, text: "Take it back" }), button("Leave it", () => close(section), { class: "button" }));
}

function offerNew(entry) {
  const take = async () => {
    const said = await ask(facts.autosave, posted(entry));
    if (said.status !== 200) return say("refused", said.error ?? "No connection. It stays in this browser");
    throwAway(entry);
    location.assign(said.revision ? `${said.story.change}?from=${said.revision}` : said.story.change);
  };
  const section = bar(`You began a story at ${clock(entry.at)} that was not saved.`, button("Take it back", take, { class: "button" }),
    button("Throw it away", () => { throwAway(entry); close(section); }, { class: "button" }));
}

document.querySelectorAll("[data-leave]").forEach((link) => link.addEventListener("click", (event) => {
  event.preventDefault();
  close(link.closest(".bar"));
}));

// --- From the first moment ---

async function begin() {
  kept = typed();
  let isTouched = false;
  const touch = (event) => { isTouched ||= event.isTrusted; };
  for (const kind of ["keydown", "pointerdown", "paste", "drop"]) window.addEventListener(kind, touch, { capture: true, once: true });
  // By then a browser that goes back has put the words of then into the fields.
  const shown = new Promise((resolve) => { window.addEventListener("pageshow", resolve, { once: true }); });
  tab = await nameOfTab(facts.story);
  carry("tab", tab);
  listen();
  await shown;
  // Scripts have put the rows in order by now; that is nobody's typing.
  if (!isTouched) kept = typed();
  if (wasRestored() || form.querySelector(".errornote")) kept = null;
  if (isChanged()) soon();
  presence.start(tab, answered);
  prune();
  for (const entry of leftBehind()) await giveBack(entry);
}

// A sign of life tells early what a save would meet.
function answered(said) {
  if (said.status === 401) signedOut();
  else if (said.code === "token" && !trouble) whoIsHere();
  else if (said.status === 200 && trouble === "lost") save();
}

if (facts?.mayWrite === "yes") begin();
else if (facts) nameOfTab(facts.story).then((name) => presence.start(name, () => {}));
