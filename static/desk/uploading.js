// One picture to the server, with its progress; and what went wrong, in words.

const LOST = "The connection was lost. Nothing was added; try again.";
const TROUBLE = "The server could not take it just now. Try again in a moment.";
const SIGNED_OUT = "You are signed out. Sign in in another tab, then try again.";
// Milliseconds. A large picture on a slow line takes its time, a dead line says nothing at all.
const PATIENCE = 10 * 60_000;

const fields = () => document.querySelectorAll("[name=csrfmiddlewaretoken]");
export const token = () => fields()[0]?.value ?? "";

// Signing in again ended the token that the page was given. False where nobody is signed in.
export async function renewToken(who) {
  try {
    const answer = await fetch(who, { cache: "no-store", headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return false;
    const said = await answer.json();
    fields().forEach((field) => { field.value = said.token; });
    return true;
  } catch {
    return false;
  }
}

// What is wrong with the file, or with the moment: only then is another try of any use.
export class NotAdded extends Error {
  constructor(words, mayHelp) {
    super(words);
    this.mayHelp = mayHelp;
  }
}

function send(address, file, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.timeout = PATIENCE;
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    for (const end of ["load", "error", "timeout", "abort"]) {
      request.addEventListener(end, () => resolve({ status: request.status, said: request.response ?? {} }));
    }
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

// Resolves with the card of the new picture; throws NotAdded. `progress` gets a share of 1.
export async function upload({ address, who, file, most, progress = () => {} }) {
  if (most && file.size > most) throw new NotAdded(`The file is larger than ${Math.floor(most / 1024 ** 2)} MB. Save it smaller and try again.`, false);
  if (!file.size) throw new NotAdded("The file is empty.", false);
  let { status, said } = await send(address, file, progress);
  if (status === 403 && said.code === "token" && (await renewToken(who))) ({ status, said } = await send(address, file, progress));
  if (status === 201) return said;
  if (status === 0) throw new NotAdded(LOST, true);
  if (status === 401) throw new NotAdded(SIGNED_OUT, true);
  const isTheFile = status === 413 || status === 422;
  throw new NotAdded((status < 500 && said.error) || TROUBLE, !isTheFile);
}
