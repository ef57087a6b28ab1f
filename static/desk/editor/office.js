// What word processors put on the clipboard, made plain: Word, Google Docs, LibreOffice. pasted.js has cleaned it before.
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, li, div, table, blockquote, figure, hr";
const NUMBERED = /^[\s(]*(\d+|[a-z]{1,2}|[ivxlcdm]+)[.)]/i;
// Addresses that lead through a counter of the provider: where the address itself stands.
const DETOURS = [[/^(www\.)?google\.[a-z.]+$/, "/url", ["q", "url"]], [/\.safelinks\.protection\.outlook\.com$/, "/", ["url"]]];

// Returns the plain HTML; `hasPictures` tells that pictures were left out.
export function plain(html) {
  if (html.includes("data-pm-slice")) return { html, hasPictures: false };
  const box = document.implementation.createHTMLDocument("").createElement("div");
  box.innerHTML = html;
  for (const gone of box.querySelectorAll("del, [data-gone]")) gone.remove();
  const hasPictures = Boolean(box.querySelector("img"));
  dropEmptyBreaks(box);
  flattenTables(box);
  nameHeadings(box);
  gatherLists(box);
  straightenLinks(box);
  plainEmphasis(box);
  dropEmptyBlocks(box);
  return { html: box.innerHTML, hasPictures };
}

// A break between blocks is a blank line there, and no line here.
function dropEmptyBreaks(box) {
  for (const br of box.querySelectorAll("br")) {
    if ([...br.parentNode.children].some((each) => each.matches(BLOCKS))) br.remove();
  }
}

// A body has no tables: each cell is a paragraph, or the blocks that stand in it.
function flattenTables(box) {
  for (const table of [...box.querySelectorAll("table")].reverse()) {
    table.replaceWith(...[...table.querySelectorAll("td, th, caption")].flatMap((cell) => (cell.querySelector(BLOCKS) ? [...cell.childNodes] : [renamed(cell, "p")])));
  }
}

function nameHeadings(box) {
  for (const title of box.querySelectorAll("[data-heading]")) renamed(title, `h${title.dataset.heading}`);
}

// --- Lists ---

// Word writes its items as paragraphs with a drawn sign, or (on the web) each in a list of its own.
function gatherLists(box) {
  for (const item of box.querySelectorAll("li[data-aria-level]")) standAlone(item);
  for (const item of box.querySelectorAll("[data-level]")) {
    const marker = item.querySelector("[data-marker]");
    item.dataset.kind ||= marker && NUMBERED.test(marker.textContent) ? "ol" : "ul";
    marker?.remove();
  }
  for (const item of box.querySelectorAll("[data-level]")) {
    if (!item.previousElementSibling?.matches("[data-level]")) gather(run(item));
  }
}

function standAlone(item) {
  const list = item.parentNode;
  const wrap = list.parentNode.localName === "div" && list.parentNode.children.length === 1 ? list.parentNode : list;
  const line = item.ownerDocument.createElement("p");
  line.dataset.level = item.dataset.ariaLevel;
  line.dataset.kind = list.localName;
  line.append(...[...item.childNodes].flatMap((each) => (each.localName === "p" ? [...each.childNodes] : [each])));
  wrap.before(line);
  item.remove();
  if (!list.children.length) wrap.remove();
}

function run(first) {
  const items = [first];
  while (items.at(-1).nextElementSibling?.matches("[data-level]")) items.push(items.at(-1).nextElementSibling);
  return items;
}

function gather(items) {
  const open = [];
  const anchor = items[0].ownerDocument.createComment("");
  items[0].before(anchor);
  for (const item of items) {
    const level = Number(item.dataset.level);
    const { kind } = item.dataset;
    while (open.length && (open.at(-1).level > level || (open.at(-1).level === level && open.at(-1).list.localName !== kind))) open.pop();
    if (!open.length || open.at(-1).level < level) {
      const list = item.ownerDocument.createElement(kind);
      if (open.length) open.at(-1).list.lastElementChild.append(list);
      else anchor.before(list);
      open.push({ level, list });
    }
    const li = item.ownerDocument.createElement("li");
    li.append(...item.childNodes);
    open.at(-1).list.append(li);
    item.remove();
  }
  anchor.remove();
}

// --- Words ---

function straightenLinks(box) {
  for (const link of box.querySelectorAll("a[href]")) {
    if (!URL.canParse(link.href)) continue;
    const address = new URL(link.href);
    const detour = DETOURS.find(([host, path]) => host.test(address.hostname) && address.pathname === path);
    const end = detour?.[2].map((name) => address.searchParams.get(name)).find(Boolean);
    if (end && /^(https?|mailto):/i.test(end)) link.setAttribute("href", end);
  }
}

// Bold and italics as they are seen, whatever tag or style says so; a heading is bold as it is.
function plainEmphasis(box) {
  const texts = box.ownerDocument.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const seen = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.data.trim()) seen.push([text, isSeen(text, "bold", "strong, b"), isSeen(text, "italic", "em, i")]);
  }
  for (const mark of box.querySelectorAll("strong, b, em, i, [data-bold], [data-italic]")) {
    if (mark.matches("strong, b, em, i")) mark.replaceWith(...mark.childNodes);
    delete mark.dataset.bold;
    delete mark.dataset.italic;
  }
  for (const [whole, bold, italic] of seen) {
    const text = words(whole);
    if (italic) wrap(text, "em");
    if (bold && !text.parentElement.closest("h1, h2, h3, h4, h5, h6")) wrap(text, "strong");
  }
}

function isSeen(text, name, tags) {
  for (let each = text.parentElement; each; each = each.parentElement) {
    if (each.dataset[name]) return each.dataset[name] === "yes";
    if (each.matches(tags)) return true;
  }
  return false;
}

// Spaces at the ends stay outside, as the server keeps them.
function words(text) {
  const ends = text.data.trimEnd().length;
  if (ends < text.length) text.splitText(ends);
  const starts = text.length - text.data.trimStart().length;
  return starts ? text.splitText(starts) : text;
}

function wrap(text, tag) {
  const around = text.parentNode.localName === "em" ? text.parentNode : text;
  const mark = text.ownerDocument.createElement(tag);
  around.replaceWith(mark);
  mark.append(around);
}

function dropEmptyBlocks(box) {
  for (const block of [...box.querySelectorAll("p, h1, h2, h3, h4, h5, h6, li, ul, ol, blockquote")].reverse()) {
    if (!block.textContent.trim() && !block.querySelector("figure, hr")) block.remove();
  }
}

function renamed(element, tag) {
  const other = element.ownerDocument.createElement(tag);
  other.append(...element.childNodes);
  element.replaceWith(other);
  return other;
}
