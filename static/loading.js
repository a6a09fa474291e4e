// What the page says before the program runs, and where it cannot.
"use strict";

(() => {
  const reasons = {
    wasm: "This browser, or this page's security policy, does not allow WebAssembly.",
    offline: "You seem to be offline.",
    other: "A file did not arrive.",
  };
  const started = () => document.documentElement.dataset.started === "true";

  const fail = (error) => {
    if (started()) return;
    const text = String(error?.message ?? error ?? "");
    const reason = typeof WebAssembly === "undefined" || /wasm|WebAssembly|unsafe-eval/i.test(text)
      ? reasons.wasm
      : navigator.onLine ? reasons.other : reasons.offline;
    const notice = document.getElementById("failed");
    if (!notice) return;
    notice.querySelector("[data-reason]").textContent = reason;
    notice.hidden = false;
    document.querySelector(".loading")?.remove();
  };

  addEventListener("TrunkApplicationStarted", () => {
    if (document.querySelector("#app .page")) document.documentElement.dataset.started = "true";
  });
  addEventListener("unhandledrejection", (event) => fail(event.reason));
  addEventListener("error", (event) => fail(event.error ?? event.message), true);
  addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-reload]")) location.reload();
  });
})();
