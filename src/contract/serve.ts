/** The options of `mailward serve`, in one place for the command line's help and for the relay that reads them. */

export interface ServeOption {
  /** long name without hyphens */
  name: string
  /** what follows it */
  argument: string
  help: string
  repeatable: boolean
}

function option(name: string, argument: string, help: string, repeatable = false): ServeOption {
  return { name, argument, help, repeatable }
}

export const serveOptions = [
  option('data', 'DIR', 'data folder (default: where the platform keeps application data)'),
  option(
    'smtp',
    'HOST:PORT',
    'submission with STARTTLS; repeatable; none for no such listener (default 127.0.0.1:2525)',
    true,
  ),
  option('smtps', 'HOST:PORT', 'submission over implicit TLS; repeatable; none (default 127.0.0.1:2465)', true),
  option('console', 'HOST:PORT', 'console, API and metrics over HTTP; none (default 127.0.0.1:2580)'),
  option(
    'console-host',
    'NAME',
    'further host name the console is reached by, such as behind a proxy; repeatable',
    true,
  ),
  option('key-file', 'FILE', 'key of the log, outside the data folder (default: in the user configuration folder)'),
  option('tls-cert', 'FILE', 'certificate chain for SMTP, PEM (default: self-made on first start)'),
  option('tls-key', 'FILE', 'private key of the certificate, PEM'),
  option('hostname', 'NAME', 'host name in greetings and Received fields (default: the name of this machine)'),
  option(
    'reserve',
    'SIZE',
    'room on the disk below which new mail is refused: MB, or percent such as 5% (default: the less of 256 and 5%)',
  ),
  option('log', 'LEVEL', 'what is logged to stderr: debug, info, warn, error or silent (default info)'),
] as const satisfies readonly ServeOption[]
