/*
 * A section of an application while somebody writes in it: saved on the server two seconds after typing stops, kept on
 * this device until then. What somebody else saved meanwhile is never overwritten: the server answers 409 and the page
 * offers to show both texts. Without this file the section is saved at Continue.
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

  /** What stands in the form: name -> value, as the browser would send it. */
  function typed() {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrfmiddlewaretoken" && name !== "version") values[name] = value;
    }
    return values;
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
      for (const [name, value] of Object.entries(copy.values)) {
        if (form.elements[name]) form.elements[name].value = value;
      }
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
