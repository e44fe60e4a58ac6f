// A question that htmx brings into the page is asked over it: focus stays inside, Escape closes it.

document.addEventListener("htmx:oobAfterSwap", () => {
  for (const dialog of document.querySelectorAll("dialog[data-dialog]")) {
    if (dialog.matches(":modal")) continue;
    dialog.close();
    dialog.showModal();
  }
});

// Closed means gone: what stays in the page would be announced again.
document.addEventListener("close", (event) => {
  if (event.target.matches("dialog[data-dialog]") && !event.target.open) event.target.remove();
}, true);
