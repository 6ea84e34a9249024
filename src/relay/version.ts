/** The version of this relay, from the package. */

import packageFile from '../../package.json' with { type: 'json' }

export const version: string = packageFile.version
