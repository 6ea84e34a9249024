/** `mailward …`: the command line. A client of a running relay; `serve` alone starts one. */

import { runProgram } from './program.ts'

// who reads our output may stop reading, as `| head` does
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code === 'EPIPE') process.exit(0)
  throw fault
})

// the status, not process.exit: what is written to a pipe must arrive
void runProgram(process.argv.slice(2)).then((status) => {
  process.exitCode = status
})
