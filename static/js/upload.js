// A file for a price list: drop it on its frame, and see how much of it is sent. Without scripts the form sends itself.

for (const form of document.querySelectorAll("form[data-upload]")) arm(form);

// Unfold looks for the second field of its own file widget at every change; this field shows the name by itself.
document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-upload] input[type=file]")) event.stopImmediatePropagation();
}, true);

function arm(form) {
  const field = form.querySelector("input[type=file]");
  const area = form.querySelector("[data-drop]");
  form.querySelector("[data-drop-hint]").hidden = matchMedia("(hover: none)").matches;

  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("desk-drop__area--over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    area.addEventListener(name, () => area.classList.remove("desk-drop__area--over"));
  }
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
  });
  form.addEventListener("submit", (event) => {
    // Nothing to send: the server's words stand beside the field either way.
    if (!field.files.length) return;
    event.preventDefault();
    if (!form.dataset.sending) send(form);
  });
}

function send(form) {
  const way = form.querySelector("[data-upload-way]");
  const bar = way.querySelector("progress");
  const words = way.querySelector("[data-upload-words]");
  const request = new XMLHttpRequest();
  form.dataset.sending = "yes";
  way.hidden = false;
  words.textContent = way.dataset.sending;

  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = Math.floor((100 * event.loaded) / event.total);
    if (event.loaded < event.total) bar.title = `${way.dataset.sent}: ${bar.value} %`;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    words.textContent = way.dataset.checking;
  });
  request.addEventListener("load", () => finish(form, request));
  request.addEventListener("error", () => fail(form, way));
  request.open("POST", form.action || location.href);
  request.setRequestHeader("X-Upload", "1");
  request.send(new FormData(form));
}

function finish(form, request) {
  if ((request.getResponseHeader("Content-Type") ?? "").startsWith("application/json")) {
    location.assign(JSON.parse(request.responseText).address);
    return;
  }
  // A page came back: its form has the words about what is wrong. The chosen file stays chosen.
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const answer = page.querySelector("form[data-upload]");
  if (!answer) {
    fail(form, form.querySelector("[data-upload-way]"));
    return;
  }
  const chosen = form.querySelector("input[type=file]").files;
  form.replaceWith(answer);
  answer.querySelector("input[type=file]").files = chosen;
  arm(answer);
  answer.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
  answer.querySelector("input[type=file]").focus();
}

function fail(form, way) {
  delete form.dataset.sending;
  way.querySelector("progress").value = 0;
  way.querySelector("[data-upload-words]").textContent = way.dataset.failed;
}
