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
const SMALL_TALK = 100; // bytes, at most, that an instrument says of itself before the first picture
const TELLING = 20000; // bytes of a first picture that tell of the line: a smaller one tells of the delay only

/**
 * A socket that counts, and holds back requests for updates so that a thin line is not filled with pictures.
 * It may be open before noVNC is there: what arrived until `feed` is kept for it. `pictured` is called once.
 */
export class Pacer {
  constructor(socket, pictured) {
    Object.assign(this, { socket, tell: pictured, gap: 0, bytes: 0, last: 0, timer: 0, size: null, pushed: false });
    this.asked = this.pictured = this.first = this.before = 0; // moments of the first picture, its bytes, those before it
    this.early = [];
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", (event) => {
      this.early?.push(event);
      this.bytes += event.data.byteLength;
      if (this.asked && this.bytes - this.before > SMALL_TALK) this.drawn();
    });
    socket.addEventListener("close", () => clearTimeout(this.timer));
    socket.send = (data) => this.send(data);
  }

  /** noVNC listens from now on. */
  feed() {
    const { early } = this;
    this.early = null;
    early.forEach((event) => this.socket.onmessage(event));
  }

  raw(data) {
    if (this.socket.readyState === WebSocket.OPEN) WebSocket.prototype.send.call(this.socket, data);
  }

  send(data) {
    const isRequest = data[0] === 3 && data.length === 10;
    if (isRequest && data[1] === 0 && !this.asked) [this.asked, this.before] = [performance.now(), this.bytes];
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
    this.first = this.bytes - this.before;
    setTimeout(this.tell); // not now: noVNC is in the middle of sending
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

  /** kbit/s that the first picture showed at least, or 0 where it was too small to tell of a thin line. */
  get rate() {
    const found = Math.round((this.first * 8) / Math.max(this.pictured - this.asked, 5));
    return this.first > TELLING || found >= FAST ? found : 0;
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
  constructor(root, { words, say, greet, ticket, refresh, pictured, View, Hands }) {
    Object.assign(this, { root, words, say, greet, ticket, refresh, pictured });
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.target = this.part("screen");
    this.rfb = this.pacer = this.socket = null;
    this.wanted = this.mine = this.opened = false;
    this.tries = this.timer = this.latency = this.idle = this.seen = 0;
    this.choice = remembered("session-quality") || "auto";
    this.step = this.choice;
    this.view = new View(this);
    this.keys = new Hands(this);
    const choose = this.part("quality");
    choose.value = this.choice;
    choose.addEventListener("change", () => this.choose(choose.value));
    this.part("again").addEventListener("click", () => this.again());
    addEventListener("online", () => { if (this.wanted) this.again(); });
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
    if (this.rfb) this.rfb.disconnect();
    else this.socket?.close();
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
    if (!this.socket) this.connect();
  }

  /** The line need not wait for the program that draws, nor that for the line. */
  async connect() {
    this.cover(this.words.connecting);
    const program = import(this.root.dataset.novnc).catch(() => null);
    const given = await this.ticket("desktop");
    if (!this.wanted || this.socket) return;
    if (!given.ticket) {
      this.closed(given.code || 1006, "");
      return;
    }
    this.root.dataset.clipboard = given.clipboard || "none";
    const socket = new WebSocket(given.address, ["binary", `ticket.${given.ticket}`]);
    const pacer = new Pacer(socket, () => this.drawn());
    Object.assign(this, { socket, pacer });
    socket.addEventListener("close", (event) => { if (this.socket === socket) this.closed(event.code, event.reason); });
    const made = await program;
    if (this.socket !== socket) return;
    if (made) this.draw(made.default);
    else {
      this.closed(1006, "");
      socket.close();
    }
  }

  draw(RFB) {
    this.rfb = new RFB(this.target, this.socket, { shared: true });
    this.rfb.scaleViewport = true;
    this.rfb.background = "transparent";
    this.rfb.showDotCursor = true; // where the instrument shows no pointer
    this.rfb.addEventListener("connect", () => this.connected());
    this.rfb.addEventListener("clipboard", (event) => this.keys.copied(event.detail.text));
    this.adapt();
    this.hands(this.mine);
    this.pacer.feed();
  }

  connected() {
    this.tries = 0;
    this.opened = true;
    this.cover("");
    this.view.follow(this.target.querySelector("canvas"));
    this.hands(this.mine);
  }

  /** The first picture is there; everything else of the page has waited for it. */
  drawn() {
    this.pictured();
    if (!this.rfb) return;
    this.lastRate = Math.max(this.lastRate || 0, this.pacer.rate);
    this.adapt();
    this.refresh("state", "people", "control");
    // Control that was free comes with the line: the page knows it a moment later.
    this.greet(() => (this.mine ? this.words.connected : this.words.watching), 1500);
  }

  /** The socket ended, or never came about: say why in plain words, and come back by itself where that helps. */
  closed(told, reason) {
    const code = !this.wanted && told < 4000 ? this.over : told;
    const wasOpen = Boolean(this.rfb);
    if (wasOpen) this.view.keep();
    this.rfb = this.pacer = this.socket = null;
    this.root.classList.remove("is-connected");
    this.figure();
    const lost = this.opened ? `dropped${this.mine ? "-mine" : ""}` : "unopened";
    const word = this.words[`close-${code}`] || this.words[lost];
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
    if (!told) return "economical"; // until the first picture tells: a heavy one would be long on its way
    return told < SLOW ? "minimal" : told < FAST ? "economical" : "full";
  }

  choose(choice) {
    this.choice = choice;
    remembered("session-quality", choice);
    this.step = choice;
    this.adapt();
  }

  adapt() {
    if (this.choice === "auto") this.step = this.guess();
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
      this.changed = performance.now();
      this.adapt();
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
