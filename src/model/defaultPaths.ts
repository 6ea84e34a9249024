/** Where things lie when nobody says otherwise: pure functions of platform, environment and home folder. */

/** What a place depends on. */
export interface Surroundings {
  /** as Node's `process.platform` */
  platform: string
  environment: Readonly<Record<string, string | undefined>>
  /** home folder of the user */
  home: string
}

function join(surroundings: Surroundings, ...parts: string[]): string {
  return parts.join(surroundings.platform === 'win32' ? '\\' : '/')
}

/** The data folder used when none is named: where the platform keeps an application's data. */
export function defaultDataFolder(surroundings: Surroundings): string {
  const { platform, environment, home } = surroundings
  if (platform === 'win32')
    return join(surroundings, environment.APPDATA || join(surroundings, home, 'AppData', 'Roaming'), 'Mailward')
  if (platform === 'darwin') return join(surroundings, home, 'Library', 'Application Support', 'Mailward')
  return join(surroundings, environment.XDG_DATA_HOME || join(surroundings, home, '.local', 'share'), 'mailward')
}

/** The folder of the log keys, never inside a data folder: who copies the data alone cannot read it. */
export function defaultKeyFolder(surroundings: Surroundings): string {
  const { platform, environment, home } = surroundings
  if (platform === 'win32')
    return join(
      surroundings,
      environment.LOCALAPPDATA || join(surroundings, home, 'AppData', 'Local'),
      'Mailward',
      'keys',
    )
  return join(surroundings, environment.XDG_CONFIG_HOME || join(surroundings, home, '.config'), 'mailward')
}
