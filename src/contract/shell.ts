/** What the desktop's preload gives the console as `window.mailward`. Absent in a browser. */

/** Where the console's relay is and how it does, as the shell sees it. */
export interface ShellState {
  /** `local`: the relay of this desktop, over a MessagePort; `remote`: one elsewhere, over WebSocket */
  kind: 'local' | 'remote'
  /** of a remote relay: `ws://…/rpc` or `wss://…/rpc` */
  url?: string
  relay: 'starting' | 'running' | 'failed'
  /** why it failed, in plain words */
  message?: string
  /** the one-time token of a fresh local relay, while no person exists */
  firstToken?: string | null
}

/** The `data` of the window message that carries the relay's MessagePort in `ports[0]`. */
export interface PortMessage {
  type: 'mailward-port'
}

export interface ShellBridge {
  /** as Node's `process.platform` */
  platform: string
  version: string
  /** Asks for a port to the relay. It comes as a {@link PortMessage}, now and again whenever the relay restarts. */
  requestPort(): void
  /** Called at once with the present state and then with each change. Returns how to stop listening. */
  onState(listener: (state: ShellState) => void): () => void
  /** Keeps the session token in the system's keychain; null forgets it. */
  rememberSession(token: string | null): Promise<void>
  /** The token kept for the relay connected to, if any. */
  session(): Promise<string | null>
  /** Connects to a relay elsewhere, or with null to the one of this desktop. */
  connectTo(url: string | null): Promise<void>
}

declare global {
  interface Window {
    mailward?: ShellBridge
  }
}
