/** Every word the shell says to a person, in one place. */

export const text = {
  name: 'Mailward',
  cannotStart: 'Mailward cannot start',
  open: 'Open',
  cancel: 'Cancel',
  openLink: 'Open this link in the browser?',
  openConsole: 'Open Mailward',
  quit: 'Quit Mailward',
  connectElsewhere: 'Connect to a Relay Elsewhere…',
  connectLocal: 'Use This Computer’s Relay',
  relayStarting: 'Relay: starting',
  relayRunning: (waiting: number) => `Relay: running, ${count(waiting, 'delivery', 'deliveries')} waiting`,
  relayFailed: 'Relay: not running, trying again',
  relayRemote: (url: string) => `Relay: ${url}`,
  relayEnded: 'The relay ended unexpectedly. It is being started again; accepted mail is safe in the queue.',
  quitQuestion: (waiting: number) => `${count(waiting, 'delivery is', 'deliveries are')} unfinished`,
  quitDetail:
    'They are safe on disk and go on when Mailward starts again. In the tray, the relay goes on delivering now.',
  quitNow: 'Quit',
  keepRunning: 'Keep Running in the Tray',
  inTray: 'The relay goes on delivering. Open or quit Mailward from its icon in the tray.',
  reloaded: 'The console stopped and was loaded again',
  reloadedDetail: 'The relay was not touched by this: mail went on being accepted and delivered.',
  consoleFails: 'The console keeps stopping',
  consoleFailsDetail: 'The relay is not touched by this and goes on delivering.',
  loadAgain: 'Load Again',
  connectTitle: 'Connect to a Relay Elsewhere',
  connectLabel: 'Address of the relay',
  connectHint: 'Such as https://relay.example. The console of this desktop then shows that relay.',
  connect: 'Connect',
} as const

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}
