// The end of a sign-in in a small window: the forms that wait for it hear of it.
(() => {
  new BroadcastChannel("desk-signed-in").postMessage("signed in");
  if (window.opener) window.close();
})();
