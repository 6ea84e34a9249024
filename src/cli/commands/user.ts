/** `mailward user add`: people who use the console. */

import { type Command, Option } from 'commander'
import { type Role, roles } from '../../model/people.ts'
import { readPassword } from '../input.ts'
import { printDocument, printLine } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup } from './common.ts'

interface AddOptions extends CommonOptions {
  role: Role
  name?: string
  passwordStdin?: boolean
}

export function addUserCommands(program: Command): void {
  const user = addGroup(program, 'user', 'People who use the console')
  addCommand(user, 'add <EMAIL>', 'Add a person; the first one, an admin, settles the first run')
    .addOption(new Option('--role <ROLE>', 'what the person may do').choices(roles).makeOptionMandatory())
    .option('--name <NAME>', 'name of the person')
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .action(async (email: string, options: AddOptions) => {
      await withRelay(options, async (client) => {
        const password = await readPassword(options.passwordStdin ?? false)
        const { role, name } = options
        const person = await client.people.add({ email, name, role, password })
        if (options.json) printDocument(person)
        else printLine(`${person.email} is now ${person.role}`)
      })
    })
}
