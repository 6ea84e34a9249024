/** The version of this relay, from the package. */

import packageJson from '../../../package.json' with { type: 'json' }

export const version: string = packageJson.version
