// Shows what only works here, and says in words what became of the browser's dialogue.
(() => {
  const can = "PublicKeyCredential" in window;
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !can;
  for (const part of document.querySelectorAll("[data-passkey-missing]")) part.hidden = can;
  document.addEventListener("allauth.error", (event) => {
    const words = document.querySelector("[data-passkey-error]");
    if (!words) return;
    event.preventDefault();
    words.textContent = "That did not work: the passkey was not given, or is not one of this site. Nothing was changed. Try again, or go another way.";
  });
})();
