// What htmx puts in the place of a pressed link takes the focus, or the keyboard would start from the top again.

document.addEventListener("htmx:load", (event) => {
  if (event.target.matches("[data-takes-focus]")) event.target.focus();
});
