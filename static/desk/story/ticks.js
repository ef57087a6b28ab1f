// A clock of its own: browsers slow those of pages in the background, which would seem to be gone.
setInterval(() => postMessage("tick"), 10_000);
