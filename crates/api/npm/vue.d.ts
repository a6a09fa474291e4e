// import "tcp-handshake/vue": the element, and its type for templates in Vue 3.
import type { DefineComponent } from "vue";
import type { TcpHandshakeAttributes } from "./element.js";

declare module "vue" {
  interface GlobalComponents {
    "tcp-handshake": DefineComponent<TcpHandshakeAttributes>;
  }
}

export * from "./element.js";
