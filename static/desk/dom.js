// Building elements, and dialogs that keep the keyboard's promises.

// attributes: "text" is the content, functions listen, true and false switch, the rest is set as is.
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (typeof value === "function") element.addEventListener(name, value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

let dialogs = 0;

// Opens a modal dialog and resolves with what `close(value)` was given; null on Escape or Cancel.
// It stands in the body, not in the page's form: a form in a form would submit both.
export function openDialog(title, build, className = "") {
  return new Promise((resolve) => {
    const heading = el("h2", { id: `desk-dialog-${++dialogs}`, text: title });
    const dialog = el("dialog", { class: `desk-dialog ${className}`, "aria-labelledby": heading.id }, heading);
    const before = document.activeElement;
    let answer = null;
    const close = (value = null) => {
      answer = value;
      dialog.close();
    };
    dialog.addEventListener("close", () => {
      dialog.remove();
      // The editor's own way also puts the caret back, at once; the browser's leaves it at the start.
      (before?.editor?.view ?? before)?.focus?.();
      resolve(answer);
    });
    dialog.append(...build(close));
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[data-first]")?.focus();
  });
}

export function button(label, run, attributes = {}) {
  return el("button", { type: "button", text: label, click: run, ...attributes });
}
