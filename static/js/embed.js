// Videos and charts of others, loaded on a click and never before. Without this file their links lead to them.
(() => {
  const buttons = document.querySelectorAll("[data-embed-frame]");

  const load = (button) => {
    const box = button.closest(".embed__box");
    const caption = box.parentNode.querySelector("figcaption");
    const frame = document.createElement("iframe");
    frame.className = "embed__frame";
    frame.title = button.dataset.embedTitle;
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups allow-popups-to-escape-sandbox");
    frame.setAttribute("allowfullscreen", "");
    frame.loading = "lazy";
    // A player refuses to play where it is not told the site; it is told no more than that.
    frame.referrerPolicy = "strict-origin";
    frame.src = button.dataset.embedFrame;
    box.replaceWith(frame);
    if (caption) caption.hidden = false;
    frame.focus();
  };

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => load(button));
  }

  // A chart says how high it is; only a frame of ours, from its own address, is listened to.
  addEventListener("message", (event) => {
    const heights = event.data?.["datawrapper-height"];
    if (!heights || typeof heights !== "object") return;
    for (const frame of document.querySelectorAll(".embed--chart iframe")) {
      if (frame.contentWindow !== event.source || new URL(frame.src).origin !== event.origin) continue;
      const height = Math.round(Number(Object.values(heights)[0]));
      if (height >= 50 && height <= 3000) frame.height = height;
    }
  });
})();
