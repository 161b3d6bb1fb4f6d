/*
 * Files on their way by tus 1.0: in pieces that grow while the line is fast, each with its SHA-256 where the browser
 * takes one. The server knows how far a file is; this device only keeps under which address, by dataset, name, size and
 * date of the file. So lines may drop, machines sleep and pages close. Without this file the form sends small files.
 */
(() => {
  "use strict";

  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const MIB = 1024 * 1024;
  const SMALLEST = MIB / 4;
  const LARGEST = 8 * MIB; // under what the portal takes as one body
  const FAST = 3000; // ms: a piece that took less is followed by one twice as large
  const SLOW = 15000;
  const PAUSES = [1, 2, 5, 10, 20, 30]; // seconds before another try
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-upload-list]");
  const token = form.elements.csrfmiddlewaretoken.value;
  const word = (name) => form.dataset[`word${name[0].toUpperCase()}${name.slice(1)}`];
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  let turn = Promise.resolve();
  let busy = 0;

  class Stopped extends Error {}
  class Refused extends Error {}

  const keyOf = (file) => `upload:${form.dataset.dataset}:${file.name}:${file.size}:${file.lastModified}`;

  function remembered(file) {
    try {
      return localStorage.getItem(keyOf(file));
    } catch {
      return null;
    }
  }

  function remember(file, address) {
    try {
      if (address) localStorage.setItem(keyOf(file), address);
      else localStorage.removeItem(keyOf(file));
    } catch {
      /* forbidden or full: after a reload this file begins anew */
    }
  }

  /** A line of the list: name, progress, words, a button that stops. */
  function lineFor(file) {
    const item = document.createElement("li");
    item.className = "panel data-upload";
    const name = document.createElement("b");
    name.className = "data-name";
    name.dir = "auto";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const words = document.createElement("p");
    words.className = "meta";
    const sum = document.createElement("p");
    sum.className = "meta";
    const stop = document.createElement("button");
    stop.type = "button";
    stop.className = "btn btn-quiet btn-small";
    stop.textContent = word("stop");
    item.append(name, bar, words, sum, stop);
    list.append(item);
    return { item, bar, stop, say: (text) => { words.textContent = text; }, showSum: (text) => { sum.textContent = text; } };
  }

  const sized = (bytes) => {
    const step = bytes >= 1024 ** 3 ? 3 : bytes >= MIB ? 2 : 1;
    return `${(bytes / 1024 ** step).toFixed(step === 1 ? 0 : 1)} ${["", "KB", "MB", "GB"][step]}`;
  };

  function pace(job, sent, milliseconds) {
    const rate = sent / Math.max(milliseconds, 1);
    job.rate = job.rate ? 0.7 * job.rate + 0.3 * rate : rate;
    const seconds = Math.ceil((job.file.size - job.offset) / job.rate / 1000);
    const left = seconds >= 90 ? `${Math.ceil(seconds / 60)} min` : `${seconds} s`;
    job.line.say(`${word("sending")}: ${sized(job.offset)} / ${sized(job.file.size)}, ${sized(job.rate * 1000)}/s, ${left} ${word("left")}`);
  }

  /** One request; what is worth another try is thrown as a plain error, what is not as Refused. */
  async function ask(address, method, headers, body, job) {
    const answer = await fetch(address, {
      method,
      headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...headers },
      body,
      redirect: "error",
      signal: job.abort.signal,
    });
    if (answer.ok || [404, 409, 410, 423, 429, 460].includes(answer.status) || answer.status >= 500) return answer;
    throw new Refused(await told(answer));
  }

  async function told(answer) {
    try {
      return (await answer.json()).detail;
    } catch {
      return `${answer.status}`;
    }
  }

  /** The name under which the server keeps the file: without what names must not have. */
  function nameIn(answer) {
    const found = /filename (\S+)/.exec(answer.headers.get("Upload-Metadata") || "");
    return found ? new TextDecoder().decode(Uint8Array.from(atob(found[1]), (letter) => letter.charCodeAt(0))) : "";
  }

  async function announce(job) {
    const metadata = `dataset ${base64(form.dataset.dataset)},filename ${base64(job.file.name)}`;
    const headers = { "Upload-Length": String(job.file.size), "Upload-Metadata": metadata };
    const answer = await ask(form.dataset.upload, "POST", headers, undefined, job);
    if (answer.status !== 201) {
      const words = await told(answer);
      throw answer.status >= 500 && answer.status !== 507 || answer.status === 429 ? new Error(words) : new Refused(words);
    }
    job.address = answer.headers.get("Location");
    job.name = nameIn(answer) || job.file.name;
    job.offset = 0;
    remember(job.file, job.address);
  }

  /** Where to go on, by the server's word; a file it no longer knows is announced anew. */
  async function locate(job) {
    job.address = job.address || remembered(job.file);
    if (!job.address) return announce(job);
    const answer = await ask(job.address, "HEAD", {}, undefined, job);
    if (answer.status === 404 || answer.status === 410) {
      remember(job.file, null);
      job.address = null;
      return announce(job);
    }
    if (!answer.ok) throw new Error(String(answer.status));
    job.name = nameIn(answer) || job.file.name;
    job.offset = Number(answer.headers.get("Upload-Offset"));
    return undefined;
  }

  async function checksum(bytes) {
    if (!crypto.subtle) return {};
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    return { "Upload-Checksum": `sha256 ${btoa(String.fromCharCode(...new Uint8Array(digest)))}` };
  }

  async function sendPiece(job) {
    const bytes = await job.file.slice(job.offset, job.offset + job.piece).arrayBuffer();
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(job.offset) };
    const started = performance.now();
    const answer = await ask(job.address, "PATCH", { ...headers, ...(await checksum(bytes)) }, bytes, job);
    const took = performance.now() - started;
    if (answer.status === 507) throw new Refused(await told(answer));
    if (!answer.ok) throw new Error(await told(answer));
    job.offset = Number(answer.headers.get("Upload-Offset"));
    job.line.bar.value = job.offset;
    pace(job, bytes.byteLength, took);
    if (took < FAST) job.piece = Math.min(job.piece * 2, LARGEST);
    else if (took > SLOW) job.piece = Math.max(job.piece / 2, SMALLEST);
  }

  const online = () => new Promise((done) => { addEventListener("online", done, { once: true }); });

  /** Wait for the line, or a little longer each time; the server may be restarted meanwhile. */
  async function pause(job) {
    job.piece = Math.max(job.piece / 2, SMALLEST);
    const seconds = PAUSES[Math.min(job.tries, PAUSES.length - 1)];
    job.tries += 1;
    job.line.say(navigator.onLine ? word("again") : word("offline"));
    const rest = new Promise((done) => { setTimeout(done, seconds * 1000); });
    await (navigator.onLine ? rest : online());
  }

  async function send(job) {
    let isLocated = false;
    for (;;) {
      if (job.isStopped) throw new Stopped();
      try {
        if (!isLocated) await locate(job);
        isLocated = true;
        job.line.bar.value = job.offset;
        if (job.offset >= job.file.size) return;
        await sendPiece(job);
        job.tries = 0;
      } catch (error) {
        if (job.isStopped) throw new Stopped();
        if (error instanceof Refused) throw error;
        isLocated = false;
        await pause(job);
      }
    }
  }

  /** The sum of the file on this device, taken beside the sending. */
  async function sumOf(job) {
    const sum = new Sha256();
    for (let at = 0; at < job.file.size && !job.isStopped; at += MIB) {
      sum.update(new Uint8Array(await job.file.slice(at, at + MIB).arrayBuffer()));
      await new Promise((done) => { setTimeout(done); });
    }
    return job.isStopped ? "" : sum.hex();
  }

  /** The server's sum, once the list of files shows it. */
  function serverSum(name) {
    const rows = Array.from(document.querySelectorAll("[data-file]"));
    const row = rows.find((one) => one.dataset.file === name);
    return row ? row.dataset.sha256 : "";
  }

  async function lookAtFiles() {
    const box = document.querySelector("[data-files]");
    try {
      const answer = await fetch(box.dataset.refresh, { cache: "no-store", redirect: "error" });
      if (answer.ok) box.innerHTML = await answer.text();
    } catch {
      /* the list looks again by itself */
    }
  }

  async function compare(job, own) {
    for (let tries = 0; tries < 240; tries += 1) {
      await lookAtFiles();
      const here = serverSum(job.name);
      if (here) {
        job.line.say(!own ? word("done") : here === own ? word("equal") : word("other"));
        return;
      }
      job.line.say(word("checking"));
      await new Promise((done) => { setTimeout(done, 5000); });
    }
  }

  async function run(job) {
    job.line.say(word("sending"));
    const own = sumOf(job).catch(() => "");
    try {
      await send(job);
      remember(job.file, null);
      job.line.stop.remove();
      job.line.say(word("checking"));
      const sum = await own;
      job.line.showSum(sum ? `SHA-256 ${sum}` : "");
      compare(job, sum);
    } catch (error) {
      job.isStopped = true;
      job.line.stop.remove();
      if (error instanceof Refused) remember(job.file, null);
      job.line.say(error instanceof Stopped ? word("stopped") : `${word("failed")} ${error.message}`);
    }
  }

  function add(file) {
    const line = lineFor(file);
    const job = { file, line, offset: 0, piece: MIB, tries: 0, rate: 0, address: null, isStopped: false, abort: new AbortController() };
    if (file.size > Number(form.dataset.most)) {
      line.stop.remove();
      line.say(`${word("failed")} ${word("large")}`);
      return;
    }
    line.say(word("waiting"));
    line.stop.addEventListener("click", () => { job.isStopped = true; job.abort.abort(); });
    busy += 1;
    turn = turn.then(() => (job.isStopped ? line.say(word("stopped")) : run(job))).finally(() => { busy -= 1; });
  }

  function takeAll() {
    for (const file of Array.from(input.files)) add(file);
    input.value = "";
  }

  input.multiple = true;
  form.querySelector("[data-upload-hint]").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    takeAll();
  }, true);
  addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
})();
