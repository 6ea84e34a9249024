/** The version of this relay, from the package. */

import exportFile from '../../../package.json' with { type: 'json' }

export const version: string = exportFile.version
