// What the page says before the program runs, and where it cannot: the English of index.html, or this.
"use strict";

(() => {
  const english = {
    wasm: "This browser, or this page's security policy, does not allow WebAssembly.",
    offline: "You seem to be offline.",
    file: "A file did not arrive.",
    copied: "Copied",
    "not-copied": "Copy it from the address bar",
  };
  const korean = {
    loading: "시뮬레이터를 불러오는 중 …",
    panic: "오류가 나서 시뮬레이터가 멈췄습니다. 지금까지의 실행은 주소창의 링크에 남아 있습니다.",
    title: "지금 일어나는 일",
    begin: "재생을 누르고 SYN이 이동하는 모습을 보세요. 세그먼트를 누르면 유실, 지연, 중복시킬 수 있습니다.",
    client: "클라이언트",
    server: "서버",
    reload: "새로 고침",
    copy: "링크 복사",
    failed: "시뮬레이터를 불러오지 못했습니다.",
    retry: "다시 시도",
    wasm: "이 브라우저나 이 페이지의 보안 정책이 WebAssembly를 허용하지 않습니다.",
    offline: "인터넷에 연결되어 있지 않은 것 같습니다.",
    file: "파일 하나를 받지 못했습니다.",
    copied: "복사했습니다",
    "not-copied": "주소창에서 복사해 주세요",
  };

  /** The link's language, else the first of the browser's that there is. */
  const texts = [location.hash, location.search].map((text) => new URLSearchParams(text.slice(1)));
  const asks = (name) => texts.map((text) => text.get(name)).find((value) => value !== null);
  const language = [asks("lang"), ...navigator.languages]
    .map((tag) => /^(en|ko)\b/i.exec(tag ?? "")?.[1].toLowerCase())
    .find(Boolean);
  const isKorean = language === "ko";
  const say = (key) => (isKorean ? korean : english)[key];

  const root = document.documentElement;
  const started = () => root.dataset.started === "true";

  /** A module of the page. In a frame without an origin no address of a script is a base for others. */
  const load = (address) => import(new URL(address, document.baseURI).href);

  /** Runs the page's program, which Trunk.toml names in the document. */
  const start = async () => {
    const { content, dataset } = document.querySelector('meta[name="program"]');
    const program = await load(content);
    await program.default({ module_or_path: dataset.wasm });
    if (!document.querySelector("#app > *")) return;
    root.dataset.started = "true";
    // What was given up came after all.
    const notice = document.getElementById("failed");
    if (notice) notice.hidden = true;
  };

  addEventListener("DOMContentLoaded", () => {
    if (asks("embed") === "1") document.querySelector(".page--waiting")?.classList.add("page--embed");
    if (isKorean) {
      root.lang = "ko";
      for (const node of document.querySelectorAll("[data-text]")) node.textContent = korean[node.dataset.text];
    }
    // Without this script nothing is being loaded.
    document.querySelector(".loading__text")?.removeAttribute("hidden");
    start();
  });

  const fail = (error) => {
    if (started()) return;
    const text = String(error?.message ?? error ?? "");
    const isWasm = typeof WebAssembly === "undefined" || /wasm|WebAssembly|unsafe-eval/i.test(text);
    const notice = document.getElementById("failed");
    if (!notice) return;
    notice.querySelector("[data-reason]").textContent = say(isWasm ? "wasm" : navigator.onLine ? "file" : "offline");
    notice.hidden = false;
    // A page around this one may have something else to show; docs/embedding.md.
    if (parent !== window) {
      const code = isWasm ? "wasm-blocked" : "fetch";
      parent.postMessage({ src: "tcp-handshake", v: 1, type: "error", code, message: notice.textContent.trim() }, "*");
    }
    document.querySelector(".loading__text")?.remove();
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = say("copied");
    } catch {
      button.textContent = say("not-copied");
    }
  };

  // The page's other programs, each fetched when it is first asked for. The first one cannot
  // import what was not there when it was built.
  const misses = {};
  const program = async (name) => {
    try {
      // Some browsers never ask again for a module that did not arrive; for another address they do.
      const module = await load(`tcp-handshake-${name}.js${misses[name] ? `?${misses[name]}` : ""}`);
      await module.default();
      return module;
    } catch (error) {
      misses[name] = (misses[name] ?? 0) + 1;
      throw error;
    }
  };
  window.tcpHandshakeShare = async (address, language) => (await program("share")).open(address, language);
  window.tcpHandshakeRead = async (text, isLinux) => (await program("reader")).read(text, isLinux);
  window.tcpHandshakeTable = async (address, language) => (await program("share")).table(address, language);

  addEventListener("unhandledrejection", (event) => fail(event.reason));
  addEventListener("error", (event) => {
    // A preload is a hint: Firefox gives some up when a page is loaded again, and asks later.
    if (!event.target?.matches?.("link[rel*=preload]")) fail(event.error ?? event.message);
  }, true);
  addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-reload], [data-copy]") : null;
    if (button?.hasAttribute("data-reload")) location.reload();
    else if (button) copy(button);
  });
})();
