// The search field's rows as an accessible combobox. htmx brings the rows; without scripts the field is a plain field.
// A pasted column of numbers keeps its lines and goes to the list's own page.

for (const field of document.querySelectorAll("[data-hints]")) {
  const list = document.getElementById(field.dataset.hints);
  let chosen = -1;
  const rows = () => [...list.querySelectorAll("[role=option]")];

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  close();

  function mark(place) {
    const all = rows();
    chosen = all.length ? (place + all.length + 1) % (all.length + 1) : -1;
    if (chosen === all.length) chosen = -1;
    all.forEach((row, number) => row.setAttribute("aria-selected", String(number === chosen)));
    if (chosen < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function open() {
    const any = rows().length > 0;
    list.hidden = !any;
    field.setAttribute("aria-expanded", String(any));
  }

  function close() {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  list.addEventListener("htmx:afterSwap", () => {
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    if (document.activeElement === field && field.value.trim()) open();
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open();
      if (!rows().length) return;
      event.preventDefault();
      mark(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? rows().length - 1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      rows()[chosen].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });

  field.addEventListener("input", () => { if (!field.value.trim()) close(); });
  field.addEventListener("focus", () => { if (field.value.trim()) open(); });
  field.addEventListener("blur", () => close());
  // A press on a row must not take the focus, and with it the list, away before it counts.
  list.addEventListener("pointerdown", (event) => event.preventDefault());

  field.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const lines = text.split(/\r?\n/).filter((line) => line.trim());
    if (lines.length < 2 || !field.dataset.list) return;
    event.preventDefault();
    location.assign(`${field.dataset.list}?${new URLSearchParams({ q: lines.join("\n").slice(0, 4000) })}`);
  });
}
