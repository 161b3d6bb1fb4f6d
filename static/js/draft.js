/*
 * A form while somebody writes in it: saved on the server two seconds after typing stops, kept on this device until
 * then. What somebody else saved meanwhile is never overwritten: the server answers 409 and the page offers to show both
 * texts. A form that does not say where to save it is kept on this device alone. Without this file it is saved by its
 * button.
 */
(() => {
  "use strict";

  const form = document.querySelector("[data-draft]");
  if (!form) return;
  const key = `draft:${form.dataset.draft}`;
  const line = form.querySelector("[data-draft-status]");
  const version = form.elements.version;
  let timer = 0;
  let sending = null;
  let isOver = false;

  /** What stands in the form: name -> its values, as the browser would send them. */
  function typed() {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrfmiddlewaretoken" && name !== "version") (values[name] ||= []).push(value);
    }
    return values;
  }

  /** Let the form say what a copy holds: boxes that it does not name are not ticked. */
  function put(copy) {
    const values = Object.fromEntries(Object.entries(copy).map(([name, said]) => [name, [].concat(said)]));
    for (const control of form.elements) {
      if (!control.name || ["hidden", "submit", "button", "file"].includes(control.type)) continue;
      const said = values[control.name] || [];
      if (["checkbox", "radio"].includes(control.type)) control.checked = said.includes(control.value);
      else if (control.multiple) for (const option of control.options) option.selected = said.includes(option.value);
      else if (said.length) control.value = said.shift();
    }
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const say = (words) => { line.textContent = words; };

  /** This device's copy; a browser that forbids storage has none. */
  function kept() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), version: version.value, values: typed() }));
    } catch {
      /* full or forbidden: the server's copy is the truth anyway */
    }
  }

  function forget() {
    try {
      localStorage.removeItem(key);
    } catch {
      /* forbidden: nothing was kept */
    }
  }

  async function send() {
    const before = typed();
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: new FormData(form), redirect: "error" });
      const said = await answer.json();
      say(said.message);
      if (answer.ok) {
        version.value = said.version;
        if (same(before, typed())) forget();
        else schedule();
      } else if (answer.status === 409) {
        isOver = true;
        form.querySelector("[data-draft-both]").hidden = false;
      }
    } catch {
      say(form.dataset.kept);
    }
  }

  function save() {
    if (isOver || sending) return;
    keep();
    if (!form.dataset.save) {
      say(form.dataset.kept);
      return;
    }
    sending = send().finally(() => { sending = null; });
  }

  function schedule() {
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  }

  /** Words typed here that never reached the server, and newer than what it holds. */
  function offer() {
    const copy = kept();
    const saved = Date.parse(form.dataset.saved) || 0;
    if (!copy || copy.at < saved || same(copy.values, typed())) return forget();
    const box = form.querySelector("[data-restore]");
    box.hidden = false;
    box.querySelector("[data-restore-yes]").addEventListener("click", () => {
      put(copy.values);
      version.value = copy.version; // the text it was typed over: what came since is shown, not overwritten
      box.hidden = true;
      schedule();
    });
    box.querySelector("[data-restore-no]").addEventListener("click", () => {
      forget();
      box.hidden = true;
    });
  }

  form.addEventListener("input", () => {
    if (isOver) return;
    say(form.dataset.writing);
    schedule();
  });

  /** A page that leaves while a copy is on its way would meet its own copy as a conflict: it waits for the answer. */
  document.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (event.target !== form || !sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sending.finally(() => form.requestSubmit(event.submitter));
  }, true);
  form.addEventListener("submit", () => { isOver = true; keep(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("online", () => { if (kept()) schedule(); });

  offer();
})();
