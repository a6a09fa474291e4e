// <tcp-handshake scenario="syn-lost">fallback</tcp-handshake>
//
// A custom element that shows a run of the simulator in a frame. Its children are a fallback: they
// are visible until the frame is ready. docs/embedding.md describes the format of the messages.

const SOURCE = "tcp-handshake";
const VERSION = 1;
const HELLO_EVERY_MS = 500;
/** How long a frame may be silent: while its document loads, and from then on. */
const SILENCE_MS = { loading: 30_000, loaded: 5_000 };
const NEAR = "600px";
/** A tag of a language that the page has. */
const KNOWN_LANGUAGE = /^(en|ko)(?![a-z])/i;

/** Attributes that become parameters of the page. `do` is spelled as in links. */
const PARAMETERS = [
  "scenario", "part", "do", "rtt", "loss", "seed", "mtu", "mss", "isn", "stack", "window", "msl", "rto", "sack", "ts",
  "wscale", "nodelay", "delack", "keepalive", "user-timeout", "rfc5961", "rfc1337", "reopen", "t", "autoplay", "speed", "pauseon", "lang", "theme", "panels",
  "name", "task", "goal", "lock",
];
const OWN = ["src", "height", "label"];
const EVENTS = [
  "ready", "play", "pause", "ended", "timeupdate", "event", "statechange",
  "segmentselect", "scriptchange", "quiz",
];

/** The default address of the page: the folder of this module. */
const HERE = new URL("./", import.meta.url).href;

export class TcpHandshakeElement extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = [...PARAMETERS, ...OWN];

  #frame = null;
  #origin = "";
  #ready = false;
  /** Whether a frame is wanted: the reader came near, or a command was given. */
  #wanted = false;
  /** Why no command can succeed now. */
  #failure = null;
  #seq = 0;
  #waiting = new Map();
  #queue = [];
  #hello = 0;
  #silence = 0;
  #near = null;
  #state = {};
  /** The link of the run after edits, and what is kept of it while the element is elsewhere. */
  #edited = null;
  #kept = null;
  #listener = (event) => this.#receive(event);

  constructor() {
    super();
    // The frame is in a shadow tree, so that the children stay as a framework left them.
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }

  connectedCallback() {
    if (!this.style.display) this.style.display = "block";
    this.#reserve();
    this.#failure = null;
    addEventListener("message", this.#listener);
    if (!("IntersectionObserver" in globalThis)) return this.#load();
    this.#near = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#load();
    }, { rootMargin: NEAR });
    this.#near.observe(this);
  }

  disconnectedCallback() {
    // A frame that is moved loads again, except by moveBefore().
    const kept = this.#ready ? this.#now() : this.#kept;
    this.dispose();
    this.#kept = kept;
  }

  /** With this callback, moveBefore() keeps the frame as it is. */
  connectedMoveCallback() {}

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "height") return this.#reserve();
    if (name === "label") {
      if (this.#frame) this.#frame.title = this.#label();
      return;
    }
    this.#kept = null;
    if (name === "src" && this.#wanted) return this.#reload();
    if (!this.#frame) return;
    const told = {
      lang: () => this.#ask("language", { to: this.#language() ?? this.#preferred() }),
      theme: () => this.#ask("theme", { to: after ?? "auto" }),
      speed: () => this.#ask("speed", { to: after ?? "1" }),
      t: () => this.seek(after ?? 0),
    }[name] ?? (() => this.load(this.#script()));
    told().catch(({ message }) => this.#tell("error", { code: "bad-attribute", message: `${name}: ${message}` }));
  }

  // Commands. Each waits until the frame is ready, which it loads if necessary, and returns a promise
  // of the state afterwards. The promise is rejected if the frame fails, or is removed.
  play() { return this.#ask("play"); }
  pause() { return this.#ask("pause"); }
  toggle() { return this.#ask("toggle"); }
  /** Milliseconds, "S1.arrive", "50%", "300ms" or { chapter: "next" }. */
  seek(to) { return this.#ask("seek", { to }); }
  step(by = 1) { return this.#ask("step", { by }); }
  /** A scenario's id, or a link's text. */
  load(script) { return this.#ask("load", { script }); }
  /** "drop:C1", or { op: "drop", seg: "C1" }, with `by` for delay, dup and deliver. */
  edit(edit) { return this.#ask("edit", typeof edit === "string" ? { do: edit } : edit); }
  undo() { return this.#ask("undo"); }
  redo() { return this.#ask("redo"); }
  reset() { return this.#ask("reset"); }
  getState() { return this.#ask("getState"); }
  async getScript() { return (await this.#ask("getScript")).script; }

  get currentTime() { return this.#state.currentTime ?? 0; }
  get duration() { return this.#state.duration ?? NaN; }
  get paused() { return this.#state.paused ?? true; }

  /** Removes the frame and shows the fallback again. */
  dispose() {
    removeEventListener("message", this.#listener);
    this.#near?.disconnect();
    this.#near = this.#kept = null;
    this.#wanted = false;
    this.#remove();
    this.#failure = "disposed";
    this.#reject("disposed");
  }

  /** Removes the frame. */
  #remove() {
    clearInterval(this.#hello);
    clearTimeout(this.#silence);
    this.#silence = 0;
    this.#frame?.remove();
    this.#frame = this.#edited = this.#failure = null;
    this.#ready = false;
    this.#state = {};
    this.#showFallback(true);
  }

  #reject(message) {
    for (const { reject } of this.#waiting.values()) reject(new Error(message));
    this.#waiting.clear();
    this.#queue = [];
  }

  #reserve() {
    const height = Number.parseInt(this.getAttribute("height") ?? "460", 10);
    this.style.minHeight = `${Number.isFinite(height) ? Math.min(Math.max(height, 120), 4000) : 460}px`;
    if (this.#frame) this.#frame.style.height = this.style.minHeight;
  }

  #label() {
    return this.getAttribute("label") ?? `TCP handshake: ${this.getAttribute("scenario") ?? "normal"} (interactive)`;
  }

  /** The language of the surrounding text, if the page has it. */
  #language() {
    const { lang } = this.closest("[lang]") ?? document.documentElement;
    return KNOWN_LANGUAGE.exec(lang)?.[1].toLowerCase();
  }

  /** The first of the browser's languages that the page has, as the page itself chooses. */
  #preferred() {
    const tag = navigator.languages.find((it) => KNOWN_LANGUAGE.test(it)) ?? "en";
    return KNOWN_LANGUAGE.exec(tag)[1].toLowerCase();
  }

  #script() {
    const values = PARAMETERS.filter((name) => name !== "lang" && this.hasAttribute(name))
      .map((name) => [name, this.getAttribute(name) || "1"]);
    const language = this.#language();
    if (language) values.push(["lang", language]);
    const pairs = values.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return ["scenario=normal", ...pairs].slice(this.hasAttribute("scenario") ? 1 : 0).join("&");
  }

  /** The link of the run with its edits, at the instant shown. */
  #now() {
    const link = (this.#edited ?? this.#script()).replace(/&(t|autoplay)=[^&]*/g, "");
    return `${link}&t=${Math.round(this.currentTime * 1000)}us${this.paused ? "" : "&autoplay=1"}`;
  }

  /** The address of the page; null if `src` is not one. */
  #address() {
    try {
      const address = new URL(this.getAttribute("src") ?? HERE, document.baseURI);
      return /^https?:$/.test(address.protocol) ? address : null;
    } catch {
      return null;
    }
  }

  #load() {
    this.#wanted = true;
    this.#near?.disconnect();
    if (this.#frame || !this.isConnected) return;
    const address = this.#address();
    if (!address) return this.#fail("bad-src", "src: http or https is needed");
    address.searchParams.set("embed", "1");
    this.#edited = this.#kept;
    address.hash = this.#kept ?? this.#script();
    const frame = document.createElement("iframe");
    frame.title = this.#label();
    frame.allow = "fullscreen; clipboard-write";
    frame.style.cssText = `border:0;width:100%;display:block;height:${this.style.minHeight};position:absolute;visibility:hidden`;
    frame.src = address.href;
    // A frame that is refused or not found loads too, but what it shows says nothing.
    frame.addEventListener("load", () => this.#awaitWord(SILENCE_MS.loaded));
    this.#origin = address.origin;
    this.#frame = frame;
    this.shadowRoot.append(frame);
    this.#hello = setInterval(() => this.#send("hello", {}), HELLO_EVERY_MS);
    this.#awaitWord(SILENCE_MS.loading);
  }

  /** Waits so long for the first message of the frame. */
  #awaitWord(millis) {
    if (this.#silence === null) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#fail("no-answer", "src: no simulator answers there"), millis);
  }

  /** Ends the wait for the first message. */
  #hearWord() {
    clearInterval(this.#hello);
    clearTimeout(this.#silence);
    this.#silence = null;
  }

  #reload() {
    // What has not been sent yet goes to the new frame.
    if (this.#ready) this.#reject("src has changed");
    this.#remove();
    this.#load();
  }

  /** Says that the frame cannot be used. It may become ready after all. */
  #fail(code, message) {
    clearInterval(this.#hello);
    this.#failure = message;
    this.#reject(message);
    // Without a fallback, show the frame, which may explain the error.
    if (this.#frame && !this.innerHTML.trim()) this.#show();
    this.#tell("error", { code, message });
  }

  #showFallback(shown) {
    this.shadowRoot.firstChild.hidden = !shown;
  }

  #ask(type, fields = {}) {
    if (this.isConnected && !this.#frame && this.#failure === null) this.#load();
    if (this.#failure !== null) return Promise.reject(new Error(this.#failure));
    return new Promise((resolve, reject) => {
      const seq = ++this.#seq;
      this.#waiting.set(seq, { resolve, reject });
      this.#post(type, { ...fields, seq });
    });
  }

  #post(type, fields) {
    if (this.#ready) this.#send(type, fields);
    else this.#queue.push([type, fields]);
  }

  #send(type, fields) {
    // The opaque origin of a sandboxed frame cannot be named as a target. No message is secret.
    this.#frame?.contentWindow?.postMessage({ ...fields, src: SOURCE, v: VERSION, type }, "*");
  }

  #receive(event) {
    if (!this.#frame || event.source !== this.#frame.contentWindow) return;
    if (event.origin !== this.#origin && event.origin !== "null") return;
    const message = event.data;
    if (message?.src !== SOURCE || message.v !== VERSION || typeof message.type !== "string") return;
    if (message.type === "reply") return this.#answer(message);
    this.#hearWord();
    if (message.type === "error") return this.#fail(message.code, message.message);
    if (message.type === "ready") this.#begin(message);
    if (message.type === "scriptchange") this.#edited = message.script;
    if (message.type === "play") this.#state.paused = false;
    if (message.type === "pause" || message.type === "ended") this.#state.paused = true;
    for (const time of [message.currentTime, message.t]) {
      if (typeof time === "number") this.#state.currentTime = time;
    }
    const { src: _src, v: _version, type, ...detail } = message;
    if (EVENTS.includes(type)) this.#tell(type, detail);
  }

  #answer({ seq, ok, result, error }) {
    const waiting = this.#waiting.get(seq);
    if (ok && result?.duration !== undefined && !this.#ready) this.#begin(result);
    if (ok) Object.assign(this.#state, result);
    this.#waiting.delete(seq);
    if (!waiting) return;
    if (ok) waiting.resolve(result);
    else waiting.reject(new Error(error?.message ?? "refused"));
  }

  #show() {
    this.#showFallback(false);
    this.#frame.style.position = "static";
    this.#frame.style.visibility = "visible";
  }

  #begin({ duration }) {
    this.#state.duration = duration;
    this.#failure = null;
    if (this.#ready) return;
    this.#ready = true;
    this.#hearWord();
    this.#show();
    for (const [type, fields] of this.#queue.splice(0)) this.#send(type, fields);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

if (globalThis.customElements && !customElements.get("tcp-handshake")) {
  customElements.define("tcp-handshake", TcpHandshakeElement);
}
