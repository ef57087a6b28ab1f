// The text as the string that is sent: the same form the server keeps, so nothing seems changed that is not.
export function bodyHtml(editor) {
  const box = document.implementation.createHTMLDocument("").createElement("div");
  box.innerHTML = editor.getHTML();
  for (const name of ["p, h2, h3", "li", "ul, ol", "blockquote"]) {
    for (const block of [...box.querySelectorAll(name)].reverse()) {
      if (!block.textContent.trim()) block.remove();
    }
  }
  // An item of one paragraph goes without its tag.
  for (const item of box.querySelectorAll("li")) {
    const paragraphs = [...item.children].filter((child) => child.localName === "p");
    if (paragraphs.length === 1) paragraphs[0].replaceWith(...paragraphs[0].childNodes);
  }
  return box.innerHTML;
}
