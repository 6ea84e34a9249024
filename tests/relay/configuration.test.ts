import { describe, expect, test } from 'vitest'
import { type Configuration, configure, type Machine } from '../../src/relay/host/configuration.ts'

const machine: Machine = {
  platform: 'linux',
  environment: {},
  home: '/home/ann',
  hostname: 'Relay.Example',
  workingFolder: '/srv',
}

function read(...options: string[]): Configuration {
  const configured = configure(options, machine)
  if (!configured.ok) throw new Error(configured.problem)
  return configured.configuration
}

function problem(...options: string[]): string {
  const configured = configure(options, machine)
  return configured.ok ? '' : configured.problem
}

describe('the options of a relay', () => {
  test('without any, it listens on loopback only and keeps data where the platform does', () => {
    expect(read()).toEqual({
      folder: '/home/ann/.local/share/mailward',
      smtp: [{ host: '127.0.0.1', port: 2525 }],
      smtps: [{ host: '127.0.0.1', port: 2465 }],
      console: { host: '127.0.0.1', port: 2580 },
      consoleHosts: [],
      keyFolder: '/home/ann/.config/mailward',
      keyFile: undefined,
      tls: undefined,
      hostname: 'relay.example',
      logLevel: 'info',
      reserve: { bytes: 256 * 1024 * 1024, percent: 5 },
    })
  })

  test('what is given replaces the default, repeated options add up, relative paths count from the working folder', () => {
    const given = read(
      '--data',
      'mail',
      '--smtp=0.0.0.0:25',
      '--smtp',
      '[::1]:0',
      '--smtps',
      'none',
      '--console',
      'none',
    )
    expect(given).toMatchObject({
      folder: '/srv/mail',
      smtp: [
        { host: '0.0.0.0', port: 25 },
        { host: '::1', port: 0 },
      ],
      smtps: [],
      console: undefined,
    })
  })

  test('folders follow the environment', () => {
    const environment = { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' }
    const configured = configure([], { ...machine, environment })
    expect(configured).toMatchObject({ configuration: { folder: '/data/mailward', keyFolder: '/config/mailward' } })
    const windows = { platform: 'win32', environment: { APPDATA: 'C:\\A', LOCALAPPDATA: 'C:\\L' }, home: 'C:\\ann' }
    expect(configure(['--data', '/d'], { ...machine, ...windows })).toMatchObject({
      configuration: { keyFolder: 'C:\\L\\Mailward\\keys' },
    })
  })

  test('what cannot be obeyed is refused by naming the option and what to give', () => {
    expect(problem('--smtp', '2525')).toMatch(/^--smtp 2525: give HOST:PORT/)
    expect(problem('--smtp', '127.0.0.1:70000')).toMatch(/^--smtp/)
    expect(problem('--smtp', '::1:25')).toMatch(/^--smtp/)
    expect(problem('--console', 'localhost')).toMatch(/^--console localhost/)
    expect(problem('--tls-cert', 'a.pem')).toMatch(/--tls-key/)
    expect(problem('--hostname', 'not a host')).toMatch(/^--hostname/)
    expect(problem('--log', 'loud')).toMatch(/debug, info, warn, error, silent/)
    expect(problem('--colour', 'red')).toMatch(/--colour/)
    expect(problem('extra')).toMatch(/extra/)
  })

  test('a machine without a usable name greets as localhost', () => {
    expect(configure([], { ...machine, hostname: 'my machine' })).toMatchObject({
      configuration: { hostname: 'localhost' },
    })
  })
})
