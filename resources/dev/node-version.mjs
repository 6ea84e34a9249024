/** Refuses an old Node with words instead of a stack trace. Runs on Node 18 and newer. */

const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 14)) {
  console.error(
    `Mailward needs Node 22.14 or newer, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      'On Linux x64, "npm ci" brings the right one along as an optional dependency: run it without --omit=optional.\n' +
      'On other systems install a current Node (https://nodejs.org) first.',
  )
  process.exit(1)
}
