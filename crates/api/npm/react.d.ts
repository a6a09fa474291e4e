// import "tcp-handshake/react": the element, and its type for JSX in React 19.
import "react";
import type { TcpHandshakeJsx } from "./element.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "tcp-handshake": TcpHandshakeJsx;
    }
  }
}

export * from "./element.js";
