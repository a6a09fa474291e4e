// Starts the program, and speaks for the page before it runs, when it cannot run, and once it has
// stopped: in the English of index.html, or in the words below. Each failure has a sentence and
// something to do, and the picture stays.
"use strict";

(() => {
  /** Milliseconds without the program after which the page says how much has arrived. */
  const SLOW = 4000;
  const english = {
    slow: "Still loading: the connection is slow.",
    count: "{come} of {all} KB",
    wasm: "This browser does not run WebAssembly; another one may.",
    policy: "A security policy blocks WebAssembly here: this site's script-src must allow 'wasm-unsafe-eval'.",
    offline: "You are offline. Loading continues when you are online again.",
    lost: "{file} could not be loaded.",
    missing: "{file} was not found ({status}). There may be a newer version of this page.",
    broken: "{file} cannot be used. There may be a newer version of this page.",
    type: "{file} arrived as {status}, but scripts need text/javascript: it may be missing on the server.",
    local: "Browsers do not run this page from a file: put its folder on a web server, and open it from there.",
    copied: "Copied",
  };
  const korean = {
    loading: "시뮬레이터를 불러오는 중 …",
    title: "지금 일어나는 일",
    begin: "재생을 누르고 SYN이 이동하는 모습을 보세요. 세그먼트를 누르면 유실, 지연, 중복시킬 수 있습니다.",
    client: "클라이언트",
    server: "서버",
    slow: "아직 불러오는 중입니다. 연결이 느립니다.",
    count: "{all} KB 중 {come} KB",
    failed: "시뮬레이터를 불러오지 못했습니다.",
    wasm: "이 브라우저에서는 WebAssembly가 실행되지 않습니다. 다른 브라우저를 써 보세요.",
    policy: "보안 정책이 WebAssembly를 막고 있습니다. 이 사이트의 script-src가 'wasm-unsafe-eval'을 허용해야 합니다.",
    offline: "인터넷에 연결되어 있지 않습니다. 다시 연결되면 이어서 불러옵니다.",
    lost: "{file} 파일을 불러오지 못했습니다.",
    missing: "{file} 파일이 없습니다({status}). 이 페이지의 새 버전이 나왔을 수 있습니다.",
    broken: "{file} 파일을 쓸 수 없습니다. 이 페이지의 새 버전이 나왔을 수 있습니다.",
    type: "{file} 파일이 {status} 형식으로 왔는데, 스크립트는 text/javascript여야 합니다. 서버에 파일이 없을 수 있습니다.",
    local: "브라우저는 파일로 연 페이지에서 시뮬레이터를 실행하지 않습니다. 폴더를 웹 서버에 올려 그 주소로 여세요.",
    retry: "다시 시도",
    tab: "새 탭에서 열기",
    notes: "그림이 있는 학습 노트",
    panic: "오류가 나서 시뮬레이터가 멈췄습니다. 지금까지의 시뮬레이션은 링크에 남아 있습니다.",
    reload: "새로 고침",
    normal: "기본 시뮬레이션으로 시작",
    copy: "링크 복사",
    copied: "복사했습니다",
  };

  const root = document.documentElement;
  const find = (selector) => document.querySelector(selector);
  const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
  const say = (key, values) => fill((root.lang === "ko" ? korean : english)[key], values);

  /** A parameter of the link: the fragment wins over the query. */
  const asks = (name) =>
    [location.hash, location.search]
      .map((text) => new URLSearchParams(text.slice(1)).get(name))
      .find((value) => value !== null);

  // The link's language, or else the first of the browser's languages that exists here.
  root.lang = [asks("lang"), ...navigator.languages]
    .map((tag) => /^(en|ko)\b/i.exec(tag ?? "")?.[1].toLowerCase())
    .find(Boolean) ?? "en";

  /** Puts the document's own texts into the page's language, which the viewer may have changed. */
  const translate = () => {
    for (const node of document.querySelectorAll("[data-text]")) {
      const key = node.dataset.text;
      english[key] ??= node.textContent;
      node.textContent = say(key);
    }
  };

  const show = (id) => {
    translate();
    document.getElementById(id).hidden = false;
  };

  /** Posts a message to the embedding page, which may have a fallback to show (docs/embedding.md). */
  const post = (type, fields) => {
    if (parent !== window) parent.postMessage({ src: "tcp-handshake", v: 1, type, ...fields }, "*");
  };
  const tell = (code, message) => post("error", { code, message });
  // The host page now knows that this frame is the simulator, and that it is to wait.
  post("loading");

  /** Asks for a file that the program needs soon. */
  const preload = (as, href) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as, href });
    if (as === "fetch") link.crossOrigin = "anonymous";
    document.head.append(link);
  };

  /** Asks from the start for the code, the styles and the words of the panels around the player. */
  const preloadPage = () => {
    const { page, stylePage, words } = find('meta[name="program"]').dataset;
    if (stylePage) preload("style", stylePage);
    for (const address of page?.split(" ") ?? []) preload("fetch", address);
    if (page) preload("fetch", `${words}/${root.lang}/page.json`);
  };

  const isWaiting = () => find("#waiting") !== null;
  const isStopped = () => !find("#panic").hidden;
  /** A frame with an opaque origin cannot resolve addresses against its script's. */
  const resolve = (address) => new URL(address, document.baseURI).href;

  /** Counts the bytes that have arrived, shown when loading is slow. */
  const count = async (reader, all) => {
    const kilo = (bytes) => Math.ceil(bytes / 1000);
    for (let bytes = 0, part; !(part = await reader.read()).done; ) {
      bytes += part.value.length;
      find(".loading__count").textContent = say("count", { come: kilo(bytes), all: kilo(all) });
    }
  };

  /** Runs the program that Trunk.toml names in the document. */
  const start = async () => {
    const { content, dataset } = find('meta[name="program"]');
    let file = content;
    try {
      const program = await import(resolve(file));
      file = dataset.wasm;
      const response = await fetch(resolve(file));
      // If the download breaks off, starting the program fails too, and that failure is shown.
      if (response.ok) count(response.clone().body.getReader(), dataset.bytes).catch(() => {});
      await program.default({ module_or_path: response });
    } catch (error) {
      return isProgram(error) ? stop() : fail(file, error);
    }
    if (!find("#app > *")) return;
    root.dataset.started = "true";
    // A failure may have been shown before the program arrived after all.
    find("#failed").hidden = true;
  };

  /** Finds out why a file of the page cannot be used. */
  const diagnose = async (file, error) => {
    if (typeof WebAssembly === "undefined") return { key: "wasm" };
    // The wording of Chromium and Safari, and that of Firefox.
    if (/unsafe-eval|blocked by CSP/.test(error?.message)) return { key: "policy" };
    if (location.protocol === "file:") return { key: "local" };
    const answer = await fetch(resolve(file), { method: "HEAD" }).catch(() => null);
    if (!navigator.onLine) return { key: "offline" };
    if (!answer) return { key: "lost" };
    if (!answer.ok) return { key: "missing", status: answer.status };
    const type = answer.headers.get("content-type");
    const isScript = !file.endsWith(".js") || /(java|ecma)script/i.test(type);
    return isScript ? { key: "broken" } : { key: "type", status: type ?? "?" };
  };

  const fail = async (file, error) => {
    const { key, status } = await diagnose(file, error);
    showFailure(key, { status, file: file.split("/").at(-1) });
  };

  /** Shows that the program cannot be loaded, and why. */
  const showFailure = (key, values) => {
    const notice = find("#failed");
    const link = notice.querySelector("[data-text=tab]");
    link.hidden = parent === window;
    link.href = location.href.replace(/\bembed=1&?/g, "");
    notice.querySelector("[data-reason]").textContent = say(key, values);
    notice.querySelector("[data-text=notes]").href = `notes/${root.lang}.html`;
    for (const node of document.querySelectorAll(".loading > *")) node.hidden = true;
    // A second try cannot succeed.
    notice.querySelector("[data-text=retry]").hidden = key === "local";
    show("failed");
    tell(key === "wasm" || key === "policy" ? "wasm-blocked" : "fetch", notice.firstElementChild.textContent);
  };

  /** Whether an error was thrown in the program: only its stack frames have such names. */
  const isProgram = (error) => /wasm-function/.test(error?.stack);

  /** Open dialogs would cover the notices, or keep them from being pressed. */
  const closeDialogs = () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  };

  /** After a panic no event may reach the program any more; its last picture stays readable. */
  const stop = () => {
    if (isStopped()) return;
    const keep = (event) => {
      if (event.type === "hashchange") location.reload();
      if (!event.target.closest?.(".notice")) event.stopImmediatePropagation();
    };
    // Every event that an element can receive, and the window's events that the program listens to.
    const types = Object.keys(HTMLElement.prototype).filter((name) => name.startsWith("on"));
    for (const name of [...types, "onfocusin", "onhashchange", "onmessage"]) addEventListener(name.slice(2), keep, true);
    const kept = ["embed", "lang", "theme"].filter((name) => asks(name)).map((name) => [name, asks(name)]);
    find("[data-text=normal]").href = `?${new URLSearchParams(kept)}`;
    closeDialogs();
    show("panic");
    tell("panic", "the simulator has stopped");
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = say("copied");
    } catch {
      // The clipboard may be forbidden here: show the link, so that it can be copied by hand.
      const link = button.nextElementSibling;
      link.textContent = link.href = location.href;
      link.hidden = false;
      button.hidden = true;
    }
  };

  const onError = (error) => {
    if (isProgram(error)) stop();
  };
  addEventListener("error", (event) => onError(event.error));
  addEventListener("unhandledrejection", (event) => onError(event.reason));

  addEventListener("DOMContentLoaded", () => {
    if (asks("embed") === "1") find(".page--waiting")?.classList.add("page--embed");
    translate();
    // Hidden in the document, because without this script nothing is being loaded.
    find(".loading__text").hidden = false;
    find(".loading__lost").remove();
    start();
  });
  setTimeout(() => {
    const text = find(".loading__text:not([hidden])");
    if (!text) return;
    text.textContent = say("slow");
    find(".loading__more").hidden = false;
  }, SLOW);
  addEventListener("offline", () => {
    if (isWaiting()) showFailure("offline");
  });
  addEventListener("online", () => {
    if (isWaiting()) location.reload();
  });
  addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-act]") : null;
    const act = button?.dataset.act;
    if (act === "reload") location.reload();
    if (act === "copy") copy(button);
  });
  // Last: the page starts and explains failures even where this fails.
  if (asks("embed") !== "1") preloadPage();
})();
