// HTML from elsewhere, cleaned as a string before any parser sees it: the page's policy refuses style and
// handler attributes even in a document nobody shows, and would log each one.
const KEPT = new Set(["href", "data-image", "data-embed", "data-caption", "data-alt", "data-cut", "data-pm-slice", "data-aria-level"]);
const NOT_WORDS = /<!--[\s\S]*?-->|<!\[[^>]*>|<(script|style|title|template|xml)\b[\s\S]*?<\/\1\s*>/gi;
const TAG = /<([a-z][\w:-]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]+)))?/g;

const declared = (style, name) => new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, "i").exec(style)?.[1].trim().toLowerCase();

// What a style says about the things a body knows: bold, italics, and the lists that Word only draws.
function told(style) {
  const weight = declared(style, "font-weight");
  const slant = declared(style, "font-style");
  const list = declared(style, "mso-list");
  let found = "";
  if (weight) found += ` data-bold="${weight.startsWith("bold") || Number(weight) >= 600 ? "yes" : "no"}"`;
  if (slant) found += ` data-italic="${slant === "normal" ? "no" : "yes"}"`;
  if (list === "ignore") found += ' data-marker=""';
  else if (list) found += ` data-level="${/level(\d)/.exec(list)?.[1] ?? 1}"`;
  // Words nobody sees in Word, and the comments in its margin, are no words of the story.
  if (declared(style, "display") === "none" || declared(style, "mso-element") === "comment-list" || declared(style, "mso-special-character") === "comment") found += ' data-gone=""';
  return found;
}

function named(classes) {
  if (/\bMsoTitle\b/.test(classes)) return ' data-heading="2"';
  if (/\bMsoSubtitle\b/.test(classes)) return ' data-heading="3"';
  return /\b(MsoCommentReference|msocomoff|msocomtxt)\b/.test(classes) ? ' data-gone=""' : "";
}

export function cleanPasted(html) {
  return html.replace(NOT_WORDS, "").replace(TAG, (_tag, name, attributes) => {
    let kept = "";
    for (const [, key, double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
      const value = double ?? single ?? bare ?? "";
      if (KEPT.has(key.toLowerCase())) kept += ` ${key}="${value.replaceAll('"', "&quot;")}"`;
      else if (key.toLowerCase() === "style") kept += told(value.replaceAll("&quot;", "'"));
      else if (key.toLowerCase() === "class") kept += named(value);
    }
    return `<${name}${kept}>`;
  });
}
