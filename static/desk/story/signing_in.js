// Signing in again without leaving the form: in a small window, or in another tab.
import { button, el, openDialog } from "desk/dom";
import { facts } from "desk/story/form";

const NEWS = "desk-signed-in";

// Calls back when a window of this browser says that somebody signed in, or may have.
export function onSignIn(look) {
  new BroadcastChannel(NEWS).addEventListener("message", look);
  window.addEventListener("focus", look);
}

export const wayIn = () => el("a", {
  href: facts.sign_in,
  target: "_blank",
  text: "Sign in to save",
  click: (event) => {
    if (window.open(facts.sign_in, NEWS, "popup,width=480,height=720")) event.preventDefault();
  },
});

// Somebody else signed in: whether they want to save these words as theirs.
export async function isTheirWish(name) {
  const wish = await openDialog(`${name} is signed in here now`, (close) => [
    el("p", { text: `The words are ${facts.name}’s. Save them as ${name}?` }),
    el("div", { class: "desk-dialog__actions" },
      button("Not now", () => close(false), { class: "button", "data-first": true }),
      button(`Save as ${name}`, () => close(true), { class: "button default" })),
  ]);
  return wish === true;
}
