// The simulator: see index.d.ts. What does the work is program_bg.wasm.

import start, * as program from "./program.js";

let started = null;
let isReady = false;

export const init = (source) => {
  started ??= start(source === undefined ? undefined : { module_or_path: source }).then(
    () => {
      isReady = true;
    },
    (error) => {
      // It may be tried again.
      started = null;
      throw error;
    },
  );
  return started;
};

const ready = () => {
  if (!isReady) throw new Error("init: it must be awaited first");
  return program;
};

export const simulate = (scenario) => ready().simulate(scenario);
export const exportAs = (scenario, format, options) => ready().exportAs(scenario, format, options);
export const mount = (element, options) => ready().mount(element, options);
