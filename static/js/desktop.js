/*
 * The instrument's screen: its line (tickets, coming back by itself, quality), its view, and hands on it.
 * noVNC draws and speaks RFB; the relay, not this file, decides who may touch the instrument.
 */
/** What each choice asks for. `gap`: least milliseconds between two updates. */
const QUALITIES = {
  full: { quality: 6, compression: 2, gap: 0 },
  economical: { quality: 3, compression: 7, gap: 200 },
  minimal: { quality: 0, compression: 9, gap: 500 },
};
const STEPS = Object.keys(QUALITIES);
const [FAST, SLOW] = [1500, 300]; // kbit/s: above and below which a line is taken for full or minimal
const TOO_FULL = 600; // milliseconds by which an answer may come later than on the idle line
const TELLING = 20000; // bytes of a first picture that tell of the line: a smaller one tells of the delay only

/** A socket that counts, and holds back requests for updates so that a thin line is not filled with pictures. */
export class Pacer {
  constructor(socket) {
    Object.assign(this, { socket, gap: 0, bytes: 0, last: 0, timer: 0, size: null, pushed: false });
    this.asked = this.pictured = this.first = 0; // moments of the first picture, and its bytes
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      this.bytes += data.byteLength;
      if (this.pushed && this.bytes > 2000) this.drawn(); // nothing is asked for then
    });
    socket.addEventListener("close", () => clearTimeout(this.timer));
    socket.send = (data) => this.send(data);
  }

  raw(data) {
    if (this.socket.readyState === WebSocket.OPEN) WebSocket.prototype.send.call(this.socket, data);
  }

  send(data) {
    const isRequest = data[0] === 3 && data.length === 10;
    if (isRequest && data[1] === 0) this.asked ||= performance.now();
    if (isRequest && data[1] === 1) {
      this.drawn();
      return this.request(data.slice());
    }
    this.raw(data);
    if (data[0] === 150) { // noVNC has asked the instrument to push updates unasked
      this.size = data.slice(6, 10);
      this.pushed = data[1] === 1;
      if (this.gap) this.push(false);
    }
    return undefined;
  }

  drawn() {
    if (this.pictured) return;
    this.pictured = performance.now();
    this.first = this.bytes;
  }

  request(data) {
    if (this.pushed) return;
    clearTimeout(this.timer);
    const go = () => { this.last = performance.now(); this.raw(data); };
    const wait = this.last + this.gap - performance.now();
    if (wait > 0) this.timer = setTimeout(go, wait);
    else go();
  }

  /** Switch between updates that are pushed and those that are asked for, where the instrument knows both. */
  push(wanted) {
    if (!this.size || this.pushed === wanted) return;
    this.raw(Uint8Array.of(150, wanted ? 1 : 0, 0, 0, 0, 0, ...this.size));
    this.pushed = wanted;
    if (!wanted) this.request(Uint8Array.of(3, 1, 0, 0, 0, 0, ...this.size));
  }

  limit(gap) {
    this.gap = gap;
    this.push(!gap);
  }

  /** kbit/s that the first picture showed, or 0. */
  get rate() {
    const milliseconds = this.pictured - this.asked;
    return this.first > TELLING ? Math.round((this.first * 8) / Math.max(milliseconds, 5)) : 0;
  }
}

/** What the loading of noVNC itself said of the line, in kbit/s, or 0 where it came from the cache. */
function rateOf(address) {
  const [entry] = performance.getEntriesByName(new URL(address, location.href).href);
  const milliseconds = entry ? entry.responseEnd - entry.responseStart : 0;
  return entry?.transferSize > 10000 && milliseconds > 1 ? (entry.transferSize * 8) / milliseconds : 0;
}

function remembered(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null; // storage is forbidden: chosen anew each time
  }
}

const BY_HAND = new Set([4005, 4006, 4008, 4011]); // the reader presses a button to come back
const FINAL = new Set([4001, 4002, 4003, 4004]);
const LONGEST_PAUSE = 15000;

export class Desktop {
  constructor(root, { words, say, ticket, refresh, View, Hands }) {
    Object.assign(this, { root, words, say, ticket, refresh });
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.target = this.part("screen");
    this.rfb = this.pacer = this.socket = null;
    this.wanted = this.mine = false;
    this.tries = this.timer = this.latency = this.idle = this.seen = 0;
    this.choice = remembered("session-quality") || "auto";
    this.step = "full";
    this.view = new View(this);
    this.keys = new Hands(this);
    const choose = this.part("quality");
    choose.value = this.choice;
    choose.addEventListener("change", () => this.choose(choose.value));
    this.part("again").addEventListener("click", () => this.again());
    addEventListener("online", () => { if (this.wanted && !this.rfb) this.again(); });
    setInterval(() => this.figure(), 2000);
  }

  /* --- The line -------------------------------------------------------------------------------- */

  start() {
    if (this.wanted) return;
    this.wanted = true;
    this.tries = 0;
    this.connect();
  }

  /** `code` is the close code that tells why, should the page know it before the line does. */
  stop(code) {
    this.wanted = false;
    this.over = code;
    clearTimeout(this.timer);
    this.rfb?.disconnect();
  }

  /** Leave a line on which nothing comes any more; what follows is as after any line that drops. */
  renew() {
    const { rfb, wanted } = this;
    if (!rfb || !wanted) return;
    this.socket = null;
    this.closed(1006, "");
    rfb.disconnect();
  }

  again() {
    clearTimeout(this.timer);
    this.wanted = true;
    if (!this.rfb) this.connect();
  }

  async connect() {
    this.cover(this.words.connecting);
    const [given, made] = await Promise.all([this.ticket("desktop"), import(this.root.dataset.novnc).catch(() => null)]);
    if (!this.wanted || this.rfb) return;
    if (!given.ticket || !made) {
      this.closed(given.code || 1006, "");
      return;
    }
    this.root.dataset.clipboard = given.clipboard || "none";
    const socket = new WebSocket(given.address, ["binary", `ticket.${given.ticket}`]);
    this.pacer = new Pacer(socket);
    this.socket = socket;
    socket.addEventListener("close", (event) => { if (this.socket === socket) this.closed(event.code, event.reason); });
    this.rfb = new made.default(this.target, socket, { shared: true });
    this.rfb.scaleViewport = true;
    this.rfb.background = "transparent";
    this.rfb.showDotCursor = true; // where the instrument shows no pointer
    this.rfb.addEventListener("connect", () => this.connected());
    this.rfb.addEventListener("clipboard", (event) => this.keys.copied(event.detail.text));
    if (this.choice === "auto") this.step = this.guess();
    this.apply();
    this.hands(this.mine);
  }

  connected() {
    this.tries = 0;
    this.cover("");
    this.view.follow(this.target.querySelector("canvas"));
    this.hands(this.mine);
    this.refresh("state", "people", "control");
    setTimeout(() => { // control that was free comes with the line: the page knows it a moment later
      if (this.rfb) this.say(this.mine ? this.words.connected : this.words.watching, "ok");
    }, 1500);
  }

  /** The socket ended, or never came about: say why in plain words, and come back by itself where that helps. */
  closed(told, reason) {
    const code = !this.wanted && told < 4000 ? this.over : told;
    const wasOpen = Boolean(this.rfb);
    if (wasOpen) this.view.keep();
    this.rfb = this.pacer = null;
    this.root.classList.remove("is-connected");
    this.figure();
    const word = this.words[`close-${code}`] || this.words.dropped;
    const why = code === 4007 && this.words[`trouble-${reason}`];
    const text = why ? `${word} ${why}` : word;
    if (!this.wanted || FINAL.has(code)) {
      this.wanted = false;
      this.cover(text);
      this.say(text, code === 4001 ? "info" : "warn");
      this.refresh("state", "people", "control");
      return;
    }
    if (BY_HAND.has(code) || (code === 4010 && this.tries > 3)) {
      this.cover(text, true);
      this.say(text, "warn");
      return;
    }
    if (code === 4009) this.economise();
    this.cover(`${text} ${this.words.retrying}`, true);
    if (!this.tries) this.say(`${text} ${this.words.retrying}`, "warn");
    this.timer = setTimeout(() => this.connect(), this.pause(code));
    this.tries += 1;
  }

  pause(code) {
    if (code === 4012) return 60000;
    if (code === 4010) return 0;
    const most = Math.min(LONGEST_PAUSE, 1000 * 2 ** this.tries);
    return most * (0.5 + Math.random() / 2);
  }

  cover(text, button = false) {
    this.part("cover").hidden = !text;
    this.part("why").textContent = text;
    this.part("again").hidden = !button;
    this.root.classList.toggle("is-connected", !text);
  }

  /* --- Quality ----------------------------------------------------------------------------------- */

  guess() {
    const seen = Math.max(this.lastRate || 0, rateOf(this.root.dataset.novnc)); // the line carries that, or more
    const rate = seen || Number(this.root.dataset.rate) || 0;
    const told = navigator.connection?.saveData ? 1 : rate;
    if (!told) return this.step;
    return told < SLOW ? "minimal" : told < FAST ? "economical" : "full";
  }

  choose(choice) {
    this.choice = choice;
    remembered("session-quality", choice);
    this.step = choice === "auto" ? this.guess() : choice;
    this.apply();
  }

  economise() {
    this.step = STEPS[Math.min(STEPS.indexOf(this.step) + 1, STEPS.length - 1)];
    this.changed = performance.now();
    this.apply();
  }

  apply() {
    const { quality, compression, gap } = QUALITIES[this.step];
    this.root.dataset.step = this.step;
    if (!this.rfb) return;
    this.rfb.qualityLevel = quality;
    this.rfb.compressionLevel = compression;
    this.pacer.limit(gap);
  }

  /** An answer on the other line took so long: where pictures fill the line, ask for less of them. */
  measured(milliseconds) {
    this.latency = milliseconds;
    this.idle = Math.min(this.idle || Infinity, milliseconds);
    const since = performance.now() - (this.changed || 0);
    if (this.choice !== "auto" || !this.rfb || since < 8000) return;
    if (milliseconds > this.idle + TOO_FULL && this.step !== "minimal") this.economise();
    else if (milliseconds < this.idle + 100 && since > 60000 && STEPS.indexOf(this.guess()) < STEPS.indexOf(this.step)) {
      this.step = this.guess();
      this.changed = performance.now();
      this.apply();
    }
  }

  figure() {
    const bytes = this.pacer?.bytes || 0;
    const rate = Math.max(0, Math.round(((bytes - this.seen) * 8) / 2000));
    this.seen = bytes;
    if (this.pacer?.rate) this.lastRate = Math.max(this.lastRate || 0, this.pacer.rate, rate);
    const latency = this.latency ? `${this.latency} ms` : "";
    this.part("figure").textContent = this.rfb ? [latency, `${rate} kbit/s`].filter(Boolean).join(" · ") : "";
  }

  /* --- Hands --------------------------------------------------------------------------------------- */

  hands(mine) {
    this.mine = mine;
    this.root.classList.toggle("has-hands", mine);
    if (!this.rfb) return;
    this.rfb.viewOnly = !mine;
    this.rfb.focusOnClick = mine;
    const canvas = this.target.querySelector("canvas");
    canvas?.setAttribute("role", mine ? "application" : "img");
    canvas?.setAttribute("aria-label", this.words.screen);
  }
}
