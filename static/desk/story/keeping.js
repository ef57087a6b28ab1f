// Words kept in this browser while the server cannot be reached: by person, story and tab.
// Another person's are neither shown nor touched; all are forgotten after thirty days.
import { facts } from "desk/story/form";

const PREFIX = "desk-kept:";
const THIRTY_DAYS = 30 * 24 * 3600 * 1000;

const keyOf = (tab, story = facts.story) => [PREFIX + facts.person, story, tab].join(":");

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

const keys = () => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
};

// Whether the browser took it: its room may be full, or closed to pages.
export function keep({ words, base, begun, tab }) {
  try {
    localStorage.setItem(keyOf(tab), JSON.stringify({ words, base, begun, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

// Forgets what the server has now; words typed since then stay.
export function forget(tab, words, story) {
  const key = keyOf(tab, story);
  if (read(key)?.words === words) localStorage.removeItem(key);
}

// What this person left behind: of this story, or for the form of a new one, of any new one.
export function leftBehind() {
  const mine = `${PREFIX}${facts.person}:`;
  return keys().filter((key) => key.startsWith(mine)).flatMap((key) => {
    const [story, tab] = key.slice(mine.length).split(":");
    const entry = read(key);
    const isOfThis = facts.begun ? story === entry?.begun && story !== facts.begun : story === facts.story;
    return entry && isOfThis ? [{ ...entry, tab, story }] : [];
  });
}

export function throwAway({ tab, story }) {
  localStorage.removeItem(keyOf(tab, story));
}

export function prune() {
  for (const key of keys()) {
    if (!(Date.now() - read(key)?.at < THIRTY_DAYS)) localStorage.removeItem(key);
  }
}
