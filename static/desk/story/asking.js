// Questions to the server. They answer with a status, 0 where nobody answers, and never throw.
import { carry, facts } from "desk/story/form";

// Browsers carry no more than 64 kB for a page that is being left.
const CARRIED_ON = 60_000;
const PATIENCE = 20_000;

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

export async function ask(address, body = null) {
  try {
    const answer = await fetch(address, {
      method: body ? "POST" : "GET",
      body,
      cache: "no-store",
      keepalive: Boolean(body) && String(body).length < CARRIED_ON,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      signal: AbortSignal.timeout(PATIENCE),
    });
    // Every refusal is JSON; a way to another page leads to the sign-in.
    if (answer.redirected) return { status: 401 };
    return { ...(await answer.json().catch(() => ({}))), status: answer.status };
  } catch {
    return { status: 0 };
  }
}

// Who is signed in now: "same" as began writing, "other", "out", or "lost" where nobody answers.
export async function whoIsHere() {
  const said = await ask(`${facts.who}?story=${encodeURIComponent(facts.story)}`);
  if (said.status === 401 || said.status === 403) return { is: "out" };
  if (said.status !== 200) return { is: said.status === 0 ? "lost" : "unknown" };
  if (said.person !== facts.person) return { is: "other", ...said };
  become(said);
  return { is: "same" };
}

// Signing in ended the token that the page was given; this is the new one, and its person.
export function become({ person, name, token: fresh, writer }) {
  Object.assign(facts, { person, name, writer });
  carry("writer", writer);
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = fresh; });
}
