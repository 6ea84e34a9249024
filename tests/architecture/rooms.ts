/** The rooms of the product, what each may import, and why nothing else: docs/architecture.md draws them. */

export interface Room {
  /** other rooms it may import */
  rooms: readonly string[]
  /** rooms of which it may import types only */
  types?: readonly string[]
  /** npm packages it may import, subpaths included */
  packages: readonly string[]
  /** Node's own modules: none, or all but those named */
  node: 'none' | { except: readonly string[] }
  /** may load a file by a path it computes */
  computedImports?: true
  /** may read the version from the checkout's package.json */
  version?: true
}

/** A room that could make a require function would get round every rule here. */
const all = { except: ['module'] }

export const rooms: Record<string, Room> = {
  base: { rooms: [], packages: [], node: { except: ['module', 'http', 'https', 'http2'] } },
  model: { rooms: [], packages: [], node: 'none' },
  contract: { rooms: ['model'], packages: ['zod', '@orpc/contract'], node: 'none' },
  store: { rooms: ['model', 'base'], packages: ['better-sqlite3'], node: all },
  mta: {
    rooms: ['model', 'store', 'base'],
    packages: ['smtp-server', 'nodemailer', 'libmime', 'postal-mime', 'htmlparser2'],
    node: { except: ['module', 'http', 'https', 'http2'] },
  },
  abuse: {
    rooms: ['mta', 'model', 'store', 'base'],
    packages: ['entities', 'postal-mime', 'zod'],
    // scorers are asked over HTTP
    node: all,
  },
  privacy: {
    rooms: ['mta', 'model', 'store', 'base'],
    // the files of data exports
    packages: ['@zip.js/zip.js', 'postal-mime'],
    node: { except: ['module', 'http', 'https', 'http2'] },
  },
  relay: {
    rooms: ['contract', 'mta', 'abuse', 'privacy', 'store', 'model', 'base'],
    packages: [
      '@orpc/client',
      '@orpc/contract',
      '@orpc/json-schema',
      '@orpc/openapi',
      '@orpc/server',
      '@orpc/zod',
      'nodemailer',
      'pino',
      'prom-client',
      'ws',
      'zod',
    ],
    node: all,
    version: true,
  },
  demo: {
    rooms: ['relay', 'contract', 'mta', 'abuse', 'privacy', 'store', 'model', 'base'],
    // its sinks, and customers who go on writing
    packages: ['nodemailer', 'smtp-server', 'zod'],
    node: all,
  },
  cli: {
    rooms: ['contract', 'model'],
    packages: ['@orpc/client', '@orpc/contract', 'commander', 'zod'],
    // `serve` loads the relay that is built beside it: a file, not a room it imports
    node: { except: [] },
    computedImports: true,
    version: true,
  },
  desktop: { rooms: ['model'], types: ['contract'], packages: ['electron'], node: all },
  console: {
    rooms: ['contract', 'model'],
    packages: [
      '@base-ui/react',
      '@fontsource-variable/inter',
      '@hookform/resolvers',
      '@orpc/client',
      '@orpc/contract',
      '@orpc/tanstack-query',
      '@tanstack/react-query',
      '@tanstack/react-router',
      '@tanstack/react-table',
      '@tanstack/react-virtual',
      'cmdk',
      'date-fns',
      'dompurify',
      'lucide-react',
      'partysocket',
      'react',
      'react-dom',
      'react-hook-form',
      'sonner',
      'uplot',
      'zod',
    ],
    node: 'none',
  },
}

/** Packages that only one folder may import, whatever its room allows. */
export const fences: readonly { package: string; folder: string }[] = [
  { package: 'better-sqlite3', folder: 'src/store/sqlite/' },
  { package: 'electron', folder: 'src/desktop/' },
]

/** Rooms that have a hall: other rooms may import only what lies right in this folder, nothing of the folders in it. */
export const halls: Record<string, string> = { store: 'src/store/' }

/** Inside the console, from the outside in; a layer may import those after it. What lies beside them, all may import. */
export const consoleLayers: readonly string[] = ['app', 'features', 'components', 'ui']
