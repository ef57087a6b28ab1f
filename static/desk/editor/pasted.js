// HTML from elsewhere, cleaned as a string before any parser sees it: the page's policy refuses style and
// handler attributes even in a document nobody shows, and would log each one.
const KEPT = new Set(["href", "data-image", "data-caption", "data-alt", "data-cut", "data-pm-slice"]);
const NOT_WORDS = /<!--[\s\S]*?-->|<(script|style|title|template)\b[\s\S]*?<\/\1\s*>/gi;
const TAG = /<([a-z][\w:-]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]+)))?/g;

// What a style says about the two things a body knows.
function emphasis(style) {
  const weight = /font-weight\s*:\s*(\w+)/i.exec(style)?.[1].toLowerCase();
  const slant = /font-style\s*:\s*(\w+)/i.exec(style)?.[1].toLowerCase();
  let found = "";
  if (weight) found += ` data-bold="${weight.startsWith("bold") || Number(weight) >= 600 ? "yes" : "no"}"`;
  if (slant) found += ` data-italic="${slant === "normal" ? "no" : "yes"}"`;
  return found;
}

export function cleanPasted(html) {
  return html.replace(NOT_WORDS, "").replace(TAG, (_tag, name, attributes) => {
    let kept = "";
    for (const [, key, double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
      const value = double ?? single ?? bare ?? "";
      if (KEPT.has(key.toLowerCase())) kept += ` ${key}="${value.replaceAll('"', "&quot;")}"`;
      else if (key.toLowerCase() === "style") kept += emphasis(value);
    }
    return `<${name}${kept}>`;
  });
}
