// The name of this tab's form: the same after a reload, another in a duplicate of the tab.
const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// A lock lives as long as its page. (Browsers give none to pages on plain http.)
function hold(name) {
  if (!navigator.locks) return Promise.resolve(performance.getEntriesByType("navigation")[0]?.type === "reload");
  return new Promise((resolve) => {
    navigator.locks.request(`desk-tab:${name}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    }).catch(() => resolve(false));
  });
}

// The page before this one may not have let go yet.
const holdSoon = async (name) => (await hold(name)) || (await pause(300), hold(name));

export async function nameOfTab(story) {
  let name = null;
  try {
    name = sessionStorage.getItem(`desk-tab:${story}`);
  } catch {
    // A browser that keeps nothing for pages.
  }
  if (!name || !(await holdSoon(name))) {
    name = fresh();
    await hold(name);
  }
  rememberTab(story, name);
  return name;
}

export function rememberTab(story, name) {
  try {
    sessionStorage.setItem(`desk-tab:${story}`, name);
  } catch {
    // As above: the next page has another name.
  }
}
